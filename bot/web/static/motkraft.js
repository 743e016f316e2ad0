// <motkraft-chat lang="sv" door="k1">: the conversation as a custom element.
//
// It fetches the screens once, a file a language, and then makes no request at all: what somebody chooses stays in this page's memory, and goes
// with it. There are no cookies, no storage and no history entries.
//
// Walker is the engine of the Go package bot over again (engine.go, words.go); a test plays the same conversations through both.

const trailLength = 4; // bot.State.Trail
const week = 7;
const horizon = 14; // days ahead that an opening is told of: flows.horizon
const zone = 'Europe/Stockholm';
const defaultLang = 'sv'; // locales.Default
const patience = 8000; // milliseconds without the screens before that is said

/** Walker gives the screen for a state. A state is {lang, place, node, trail}; it is never changed, only followed by another. */
export class Walker {
  /** @param {Object<string, object>} books - the screens by language, as bot.Book writes them. */
  constructor(books) {
    this.books = books;
  }

  first(lang) {
    return { lang, place: 0, node: this.books[lang].welcome, trail: [] };
  }

  /** door gives the state behind a link's code; an unknown code opens the first screen. */
  door(lang, code) {
    const { doors } = this.books[lang];
    return Object.hasOwn(doors, code) ? this.step(this.first(lang), doors[code]) : this.first(lang);
  }

  /**
   * show gives a screen at a moment in milliseconds: {text, lang, clear, buttons: [{label, kind, lang, to | url | phone}]} is what the
   * Go package says; {say, offers} is the text again, taken apart for laying out.
   */
  show(state, now) {
    const book = this.books[state.lang];
    const leaf = book.nodes[state.node];
    const buttons = [];
    const add = (kind, label, to, lang = state.lang) => buttons.push({ kind, label, to, lang });
    const offers = leaf.refer ? this.offers(book, leaf, state.place, now) : [];
    for (const { cards } of offers) buttons.push(...cards.flatMap((card) => card.buttons));
    const say = leaf.ask ? this.ask(book, leaf, state, add) : leaf.text;
    for (const { label, to } of leaf.options ?? []) add('option', label, this.step(state, to));
    if (leaf.change) add('option', book.words['button.place'], { ...forward(state, leaf.change), place: 0 });
    this.standing(book, leaf, state, add);
    const text = [say, ...offers.flatMap(({ head, cards }) => [head, ...cards.map((card) => [card.about, ...card.lines].join('\n'))])].join('\n\n');
    return { text, lang: state.lang, clear: state.node === book.cleared, buttons, say, offers };
  }

  /** step is where an option leads. A place question whose answer is known is passed over. */
  step(state, to) {
    const book = this.books[state.lang];
    let leaf = book.nodes[to];
    while (leaf.ask && decided(leaf.ask, state.place)) {
      to = leaf.ask.to;
      leaf = book.nodes[to];
    }
    return to === book.welcome ? this.first(state.lang) : forward(state, to);
  }

  back(state) {
    const book = this.books[state.lang];
    const [node = book.welcome, ...trail] = state.trail;
    return { ...state, node, trail, place: book.nodes[node].ask ? 0 : state.place };
  }

  /** ask adds the places to choose from, and gives the question. */
  ask(book, leaf, state, add) {
    const { ask } = leaf;
    let places = state.place ? ask.second?.[state.place] : ask.first;
    if (!places) {
      state = { ...state, place: 0 };
      places = ask.first;
    }
    for (const { label, place } of places) {
      const to = { ...state, place };
      add('option', label, decided(ask, place) ? this.step(to, ask.to) : to);
    }
    const elsewhere = state.place ? 'button.elsewhere-county' : 'button.elsewhere';
    add('option', book.words[elsewhere], this.step(state, ask.to));
    add('option', book.words['button.unsaid'], this.step({ ...state, place: 0 }, ask.to));
    return state.place ? book.words['place.municipality'] : leaf.text;
  }

  standing(book, leaf, state, add) {
    const { words } = book;
    add('standing', words['button.acute'], this.step(state, leaf.acute));
    if (leaf.contacts !== state.node && leaf.contacts !== leaf.acute) add('standing', words['button.contacts'], this.step(state, leaf.contacts));
    if (state.node !== book.welcome) {
      const among = leaf.ask && state.place && leaf.ask.second?.[state.place];
      if (state.node !== book.cleared) add('standing', words['button.back'], among ? { ...state, place: 0 } : this.back(state));
      add('standing', words['button.start'], this.first(state.lang));
    }
    for (const other of Object.keys(this.books)) {
      if (other !== state.lang) add('standing', this.books[other].words['button.language'], { ...state, lang: other }, other);
    }
    add('standing', words['button.clear'], { ...this.first(state.lang), node: book.cleared });
  }

  /** offers gives the services under two heads, who answers now first: [{head, open, cards: [{about, lines, buttons}]}]. */
  offers(book, leaf, place, now) {
    const open = [];
    const later = [];
    for (const i of leaf.refer) {
      const { text: about, area, contacts } = book.services[i];
      if (!covers(area, place)) continue;
      const at = contacts.map((c) => status(book, c, now));
      const lines = contacts.map((c, j) => (c.timed ? `${c.line}, ${hours(book, at[j], now)}` : c.line));
      const buttons = contacts.filter((c) => c.label).map(({ label, url, phone }) => ({ kind: 'contact', label, lang: book.lang, url, phone }));
      (at.some((s) => s.open) ? open : later).push({ about, lines, buttons });
    }
    return [
      { head: book.words['referral.open'], open: true, cards: open },
      { head: book.words['referral.later'], open: false, cards: later },
    ].filter(({ cards }) => cards.length);
  }
}

function forward(state, to) {
  if (to === state.node) return state;
  return { ...state, node: to, trail: [state.node, ...state.trail].slice(0, trailLength) };
}

const county = (place) => (place >= 100 ? Math.floor(place / 100) : place);

const covers = (area, place) => !area || area.includes(place) || area.includes(county(place));

const decided = (ask, place) => place !== 0 && !ask.second?.[place];

/** status says whether a contact answers, until when or from when; times in Unix seconds. */
function status(book, contact, now) {
  if (contact.always) return { known: true, open: true, always: true };
  const t = now / 1000;
  if (!contact.known || t < book.from || t >= book.to) return {};
  const next = (contact.open ?? []).find(([, to]) => to > t);
  if (!next) return { known: true };
  const [from, to] = next;
  return from <= t ? { known: true, open: true, until: to } : { known: true, opens: from };
}

/** hours says a status in words. */
function hours(book, s, now) {
  const { words } = book;
  if (!s.known) return words['hours.unknown'];
  if (s.always) return words['hours.always'];
  if (s.open) return fill(book, 'hours.until', { Time: clock(s.until) });
  const closed = words['hours.closed'];
  if (!s.opens) return closed;
  const there = date(s.opens * 1000);
  const days = Math.round((there.noon - date(now).noon) / 86400000);
  if (days > horizon) return closed;
  const Time = clock(s.opens);
  if (days === 0) return fill(book, 'hours.today', { Time });
  if (days === 1) return fill(book, 'hours.tomorrow', { Time });
  if (days < week) return fill(book, 'hours.on', { Day: book.weekdays[new Date(there.noon).getUTCDay()], Time });
  return fill(book, 'hours.on', { Day: `${there.day} ${book.months[there.month - 1]}`, Time });
}

const fill = (book, key, values) => book.phrases[key].map((part, i) => (i % 2 ? values[part] : part)).join('');

const clockFormat = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const dateFormat = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: 'numeric', day: 'numeric' });

const clock = (seconds) => clockFormat.format(new Date(seconds * 1000));

function date(milliseconds) {
  const part = Object.fromEntries(dateFormat.formatToParts(new Date(milliseconds)).map(({ type, value }) => [type, Number(value)]));
  return { ...part, noon: Date.UTC(part.year, part.month - 1, part.day, 12) };
}

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host { --ink: #1d2730; --soft: #4c5964; --paper: #fff; --tint: #eef3f4; --line: #76838d; --rule: #d3dadd;
    --deep: var(--motkraft-color, #1f5a66); --on-deep: #fff; --help: #8c2f23;
    --round: var(--motkraft-radius, 0.75rem); display: block; color-scheme: light dark; color: var(--ink); background: var(--paper);
    font: 1.0625rem/1.55 var(--motkraft-font, system-ui, sans-serif); border: 1px solid var(--rule); border-radius: var(--round); }
  @media (prefers-color-scheme: dark) {
    :host { --ink: #e8edf0; --soft: #b1bdc5; --paper: #1b2329; --tint: #25323a; --line: #7d8b95; --rule: #37444d;
      --deep: var(--motkraft-color, #8fd0da); --on-deep: #10191c; --help: #ffb3a6; }
  }
  [hidden] { display: none !important; }
  .bar { padding: 0.6rem 1rem; background: var(--tint); border-bottom: 1px solid var(--rule);
    border-radius: var(--round) var(--round) 0 0; }
  @media (min-height: 20rem) { .bar { position: sticky; top: 0; z-index: 1; } }
  .log, .ways, .away { padding: 1.25rem 1rem; }
  .ways { padding-top: 0; }
  @media (min-width: 40rem) { .bar, .log, .ways, .away { padding-inline: 1.6rem; } }
  .message { overflow-wrap: break-word; }
  .message:focus:not(:focus-visible) { outline: none; }
  .message, button, a { scroll-margin: 5rem 0 1rem; }
  p { margin: 0 0 0.8rem; max-width: 38em; white-space: pre-line; }
  p:last-child { margin-bottom: 0; }
  h2 { margin: 1.8rem 0 0.9rem; font-size: 0.9rem; letter-spacing: 0.05em; color: var(--deep); }
  h3 { margin: 0; font-size: 1.125rem; line-height: 1.35; }
  .card { margin-top: 0.9rem; padding-top: 0.9rem; border-top: 1px solid var(--rule); }
  .card p { margin: 0.2rem 0 0.4rem; }
  .card .lines { font-size: 0.95rem; color: var(--soft); }
  ul { display: grid; gap: 0.6rem; margin: 0; padding: 0; list-style: none; }
  .contact { display: flex; flex-wrap: wrap; margin: 0.7rem 0 1.1rem; }
  .option { grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); margin-bottom: 1.4rem; }
  .standing { display: flex; flex-wrap: wrap; gap: 0 1.5rem; border-top: 1px solid var(--rule); padding-top: 0.8rem; }
  .asks { font-weight: 600; }
  button, a, ::slotted(a) { box-sizing: border-box; display: inline-flex; align-items: center; min-height: 2.9rem; padding: 0.5rem 1rem;
    font: inherit; line-height: 1.3; text-align: start; text-decoration: none; color: var(--ink); background: var(--paper);
    border: 1px solid var(--line); border-radius: var(--round); cursor: pointer; }
  button:hover, a:hover { background: var(--tint); border-color: var(--deep); }
  :focus-visible { outline: 3px solid var(--deep); outline-offset: 2px; }
  .message:focus-visible { outline-width: 2px; outline-offset: 0.5rem; }
  .option button { width: 100%; height: 100%; }
  .now [href^='tel:'] { color: var(--on-deep); background: var(--deep); border-color: var(--deep); font-weight: 600; }
  .now [href^='tel:']:hover { text-decoration: underline; }
  .standing button { min-width: 2.9rem; padding-inline: 0; font-size: 0.95rem; color: var(--soft); border-color: transparent;
    text-decoration: underline; text-underline-offset: 0.2em; }
  .standing button:hover { color: var(--deep); background: none; border-color: transparent; }
  .bar button { font-weight: 600; color: var(--help); border: 2px solid var(--help); }
  ::slotted(*) { margin: 0 0.5rem 1rem 0; }
  /* The page's own colours for links must not stand on ours. */
  ::slotted(a) { color: var(--ink) !important; background: var(--paper) !important; }
  ::slotted([href^='tel:']) { font-weight: 600; border: 2px solid var(--help); color: var(--help) !important; }
  @media (forced-colors: active) { a, button { border: 2px solid LinkText; } }
`);

class MotkraftChat extends HTMLElement {
  #bar = element('div', { class: 'bar' });
  #log = element('div', { class: 'log', role: 'log' });
  #ways = element('div', { class: 'ways' });
  #away = element('div', { class: 'away', role: 'alert' });
  #walker;
  #loading;

  constructor() {
    super();
    const again = element('slot', { name: 'again' });
    // Where the page brought no words for it, there are signs that need none.
    again.append(element('button', { type: 'button' }, '↻'));
    again.addEventListener('click', (event) => {
      event.preventDefault();
      this.#load(true);
    });
    const words = element('slot', { name: 'away' });
    words.append(element('a', { href: 'tel:112' }, '112'));
    this.#away.append(words, again);
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    root.append(this.#bar, this.#log, this.#ways, this.#away);
    this.#reveal();
  }

  connectedCallback() {
    if (!this.#walker) this.#load(false);
  }

  /** #reveal shows the conversation, what is said without one, or neither yet. */
  #reveal(part) {
    for (const e of [this.#bar, this.#log, this.#ways]) e.hidden = part !== 'chat';
    this.#away.hidden = part !== 'away';
  }

  /** #load fetches the screens. When they do not come, or not soon, what the page has put into the element for that is shown. */
  async #load(again) {
    this.#loading?.abort();
    const { signal } = (this.#loading = new AbortController());
    const slow = setTimeout(() => this.#reveal('away'), patience);
    const wanted = (this.getAttribute('lang') || document.documentElement.lang).slice(0, 2).toLowerCase();
    try {
      const books = await fetchBooks(wanted, signal);
      signal.throwIfAborted();
      this.#walker = new Walker(books);
      this.#reveal('chat');
      this.#show(this.#walker.door(wanted in books ? wanted : defaultLang, this.#door()), again);
      this.dispatchEvent(new Event('motkraft-ready'));
    } catch {
      if (!signal.aborted) this.#reveal('away');
    } finally {
      clearTimeout(slow);
    }
  }

  /**
   * #door is the code that this was opened with: the element's own, else a poster's, which stands behind the # of the page's address. No browser
   * sends that, and it is taken away here, so that it stays in no history.
   */
  #door() {
    const own = this.getAttribute('door');
    const code = location.hash.slice(1);
    if (own !== null || !Object.hasOwn(Object.values(this.#walker.books)[0].doors, code)) return own;
    history.replaceState(history.state, '', location.pathname + location.search);
    return code;
  }

  /** #show puts a screen in the place of the last one. */
  #show(state, focus = true) {
    const screen = this.#walker.show(state, Date.now());
    const { words } = this.#walker.books[state.lang];
    const message = element('div', { class: 'message', tabindex: '-1' });
    message.append(
      ...screen.say.split('\n\n').map((paragraph) => element('p', paragraph.endsWith('?') ? { class: 'asks' } : {}, paragraph)),
      ...screen.offers.flatMap(({ head, open, cards }) => [element('h2', {}, head), ...cards.map((card) => this.#card(card, open, words))]),
    );
    this.#log.setAttribute('aria-label', words['web.conversation']);
    this.#log.replaceChildren(message);
    const own = screen.buttons.filter(({ kind }) => kind === 'option');
    const [acute, ...standing] = screen.buttons.filter(({ kind }) => kind === 'standing');
    this.#bar.replaceChildren(this.#button(acute));
    this.#ways.replaceChildren(...this.#list('option', own, words), ...this.#list('standing', standing, words));
    for (const e of [this.#bar, this.#log, this.#ways]) e.lang = screen.lang;
    if (!focus) return;
    message.focus({ preventScroll: true });
    if (message.getBoundingClientRect().top < this.#bar.offsetHeight) message.scrollIntoView();
  }

  /** #card lays out a service: its name, what it does, how to reach it. */
  #card({ about, lines, buttons }, open, words) {
    const card = element('div', { class: open ? 'card now' : 'card' });
    const [name, ...rest] = about.split('\n');
    card.append(
      element('h3', {}, name),
      element('p', {}, rest.join('\n')),
      element('p', { class: 'lines' }, lines.join('\n')),
      ...this.#list('contact', buttons, words),
    );
    return card;
  }

  #list(kind, buttons, words) {
    if (!buttons.length) return [];
    const list = element('ul', { class: kind, 'aria-label': words[`web.${kind}`] });
    for (const b of buttons) list.appendChild(element('li', {})).append(this.#button(b));
    return [list];
  }

  #button({ label, lang, to, url, phone }) {
    if (phone) return element('a', { href: `tel:${phone}` }, label);
    if (url) return element('a', { href: url, rel: 'noreferrer noopener external', target: '_blank' }, label);
    const button = element('button', { type: 'button', lang }, label);
    button.addEventListener('click', () => this.#show(to));
    return button;
  }
}

/** fetchBooks gives the screens of all languages by language, so that changing the language asks for nothing later. */
async function fetchBooks(wanted, signal) {
  const fetchBook = async (lang) => {
    const answer = await fetch(new URL(`screens.${lang}.json`, import.meta.url), { signal, credentials: 'omit', referrerPolicy: 'no-referrer' });
    if (answer.status === 404 && lang !== defaultLang) return fetchBook(defaultLang);
    if (!answer.ok) throw new Error(`screens.${lang}.json: ${answer.status}`);
    return answer.json();
  };
  const own = await fetchBook(/^[a-z]{2}$/.test(wanted) ? wanted : defaultLang);
  const others = await Promise.allSettled(own.languages.filter((lang) => lang !== own.lang).map(fetchBook));
  const books = [own, ...others.filter(({ value }) => value).map(({ value }) => value)];
  // In the order in which every screen lists them.
  return Object.fromEntries(own.languages.flatMap((lang) => books.filter((book) => book.lang === lang).map((book) => [lang, book])));
}

function element(name, attributes, text = '') {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  e.textContent = text;
  return e;
}

customElements.define('motkraft-chat', MotkraftChat);
