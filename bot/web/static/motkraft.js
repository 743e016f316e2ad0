// <motkraft-chat lang="sv" door="k1">: the conversation as a custom element.
//
// It fetches the screens once, a file a language, and then makes no request at all: what somebody chooses stays in this page's memory, and goes
// with it. There are no cookies, no storage and no history entries.
//
// Walker is the engine of the Go package bot over again (engine.go, words.go); a test plays the same conversations through both.

const trailLength = 4; // bot.State.Trail
const week = 7;
const zone = 'Europe/Stockholm';

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
    const to = this.books[lang].doors[code];
    return to ? this.step(this.first(lang), to) : this.first(lang);
  }

  /** show gives {text, lang, clear, buttons: [{label, kind, lang, to | url | phone}]} at a moment in milliseconds. */
  show(state, now) {
    const book = this.books[state.lang];
    const leaf = book.nodes[state.node];
    const buttons = [];
    const add = (kind, label, to, lang = state.lang) => buttons.push({ kind, label, to, lang });
    let text = leaf.text;
    if (leaf.refer) text += this.offers(book, leaf, state.place, now, buttons);
    if (leaf.ask) text = this.ask(book, leaf, state, text, add);
    for (const { label, to } of leaf.options ?? []) add('option', label, this.step(state, to));
    if (leaf.change) add('option', book.words['button.place'], { ...forward(state, leaf.change), place: 0 });
    this.standing(book, leaf, state, add);
    return { text, lang: state.lang, clear: state.node === book.cleared, buttons };
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

  ask(book, leaf, state, text, add) {
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
    return state.place ? book.words['place.municipality'] : text;
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

  /** offers lists who answers now first, and adds their buttons in that order. */
  offers(book, leaf, place, now, buttons) {
    const open = [];
    const later = [];
    for (const i of leaf.refer) {
      const service = book.services[i];
      if (!covers(service, place)) continue;
      (service.contacts.some((c) => status(book, c, now).open) ? open : later).push(service);
    }
    let text = '';
    for (const [head, services] of [['referral.open', open], ['referral.later', later]]) {
      if (services.length) text += `\n\n${book.words[head]}`;
      for (const { text: about, contacts } of services) {
        text += `\n\n${about}`;
        for (const c of contacts) {
          text += `\n${c.line}${c.timed ? `, ${hours(book, status(book, c, now), now)}` : ''}`;
          if (c.label) buttons.push({ kind: 'contact', label: c.label, url: c.url, phone: c.phone });
        }
      }
    }
    return text;
  }
}

function forward(state, to) {
  if (to === state.node) return state;
  return { ...state, node: to, trail: [state.node, ...state.trail].slice(0, trailLength) };
}

const county = (place) => (place >= 100 ? Math.floor(place / 100) : place);

const covers = ({ area }, place) => !area || area.includes(place) || area.includes(county(place));

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
  if (!s.opens) return words['hours.closed'];
  const there = date(s.opens * 1000);
  const days = Math.round((there.noon - date(now).noon) / 86400000);
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
  :host { display: block; color-scheme: light dark; font: 1.0625rem/1.55 var(--motkraft-font, system-ui, sans-serif);
    --ink: light-dark(#1d2730, #e8edf0); --soft: light-dark(#4c5964, #a9b6bf); --paper: light-dark(#ffffff, #1b2329);
    --line: light-dark(#76838d, #7d8b95); --deep: var(--motkraft-color, light-dark(#1f5a66, #8fd0da)); --on-deep: light-dark(#ffffff, #10191c);
    --tint: light-dark(#eef4f5, #25323a); color: var(--ink); }
  .log { background: var(--paper); border: 1px solid var(--line); border-radius: var(--motkraft-radius, 0.75rem); padding: 1.25rem 1.4rem; }
  .message { outline-offset: 0.35rem; overflow-wrap: break-word; }
  .message:focus:not(:focus-visible) { outline: none; }
  p { margin: 0 0 0.9rem; white-space: pre-line; }
  p:last-child { margin: 0; }
  .ways { display: grid; gap: 0.6rem; margin-top: 1rem; padding: 0; list-style: none; }
  .contact, .option { grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); }
  .standing { display: flex; flex-wrap: wrap; border-top: 1px solid var(--line); padding-top: 1rem; margin-top: 1.4rem; }
  button, a { box-sizing: border-box; display: inline-flex; align-items: center; width: 100%; min-height: 2.9rem; padding: 0.55rem 1rem;
    font: inherit; text-align: start; text-decoration: none; color: var(--ink); background: var(--paper); cursor: pointer;
    border: 1px solid var(--line); border-radius: var(--motkraft-radius, 0.75rem); }
  button:hover, a:hover { background: var(--tint); border-color: var(--deep); }
  :focus-visible { outline: 3px solid var(--deep); outline-offset: 2px; }
  .contact a { background: var(--deep); color: var(--on-deep); border-color: var(--deep); font-weight: 600; }
  .contact a:hover { text-decoration: underline; }
  .standing button { width: auto; min-height: 2.75rem; padding: 0.4rem 0.9rem; font-size: 0.95rem; }
  .standing li:first-child button { border: 2px solid var(--deep); font-weight: 600; }
  @media (forced-colors: active) { .contact a, .standing li:first-child button { border: 2px solid LinkText; } }
`);

class MotkraftChat extends HTMLElement {
  #root = this.attachShadow({ mode: 'open' });
  #log = element('div', { class: 'log', role: 'log' });
  #ways = element('div', {});
  #walker;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [sheet];
    this.#root.append(this.#log, this.#ways);
  }

  async connectedCallback() {
    if (this.#walker) return;
    const lang = this.getAttribute('lang') || document.documentElement.lang.slice(0, 2) || 'sv';
    const fetchBook = async (code) => {
      const answer = await fetch(new URL(`screens.${code}.json`, import.meta.url), { credentials: 'omit', referrerPolicy: 'no-referrer' });
      if (!answer.ok) throw new Error(`screens.${code}.json: ${answer.status}`);
      return answer.json();
    };
    const own = await fetchBook(lang);
    // All languages come now, so that changing the language asks for nothing later.
    const others = await Promise.all(own.languages.filter((code) => code !== lang).map(fetchBook));
    const books = Object.fromEntries([own, ...others].map((book) => [book.lang, book]));
    this.#walker = new Walker(Object.fromEntries(own.languages.map((code) => [code, books[code]])));
    const door = this.getAttribute('door');
    this.#show(door ? this.#walker.door(lang, door) : this.#walker.first(lang), false);
    this.dispatchEvent(new Event('motkraft-ready'));
  }

  /** #show puts a screen in the place of the last one. */
  #show(state, focus = true) {
    const screen = this.#walker.show(state, Date.now());
    const { words } = this.#walker.books[state.lang];
    const message = element('div', { class: 'message', tabindex: '-1', lang: screen.lang });
    for (const paragraph of screen.text.split('\n\n')) message.append(element('p', {}, paragraph));
    this.#log.setAttribute('aria-label', words['web.conversation']);
    this.#log.setAttribute('lang', screen.lang);
    this.#log.replaceChildren(message);
    this.#ways.setAttribute('lang', screen.lang);
    this.#ways.replaceChildren(
      ...['contact', 'option', 'standing'].flatMap((kind) => {
        const buttons = screen.buttons.filter((b) => b.kind === kind);
        if (!buttons.length) return [];
        const list = element('ul', { class: `ways ${kind}`, 'aria-label': words[`web.${kind}`] });
        list.append(...buttons.map((b) => {
          const item = element('li', {});
          item.append(this.#button(b));
          return item;
        }));
        return [list];
      }),
    );
    if (focus) {
      message.focus({ preventScroll: true });
      message.scrollIntoView({ block: 'nearest' });
    }
  }

  #button({ label, lang, to, url, phone }) {
    if (phone) return element('a', { href: `tel:${phone}` }, label);
    if (url) return element('a', { href: url, rel: 'noreferrer noopener external', target: '_blank' }, label);
    const button = element('button', { type: 'button', lang }, label);
    button.addEventListener('click', () => this.#show(to));
    return button;
  }
}

function element(name, attributes, text = '') {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  e.textContent = text;
  return e;
}

customElements.define('motkraft-chat', MotkraftChat);
