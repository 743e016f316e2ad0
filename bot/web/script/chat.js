// <motkraft-chat lang="sv" door="k1" leave="https://…">: the conversation as a custom element.
//
// It fetches the screens once, a file a language, and then makes no request at all: what somebody chooses or types stays in this page's memory,
// and goes with it. There are no cookies, no storage and no history entries of ours.

const bookShape = 4; // of the screens' files, as the Go package bot has it
const patience = 8000; // milliseconds without the screens before that is said
const grace = 1000; // and for the other languages, once the own one is there

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

class MotkraftChat extends HTMLElement {
  // Outside of the frame: in browsers without popovers a container would hold it, and it would scroll away.
  #leave = element('button', { type: 'button', class: 'leave', popover: 'manual' });
  #shift = element('small');
  #bar = element('div', { class: 'bar' });
  #talk = element('div', { class: 'talk' });
  // The log stands there before anything is said, and only ever gets more: what changed, in a few words, for those who do not see it. The
  // message itself gets the focus and would be read twice in here.
  #log = element('div', { class: 'log', role: 'log' });
  #away = element('div', { class: 'away', role: 'alert' });
  #frame = element('div', { class: 'frame' });
  #early;
  #closer; // hears the phone's own Back
  #walker;
  #state;
  #loading;
  #connected;

  constructor() {
    super();
    // Where the page brought no words for these, there are signs that need none.
    this.#leave.append(slot('leave', '×'));
    this.#leave.addEventListener('click', () => leave(this.getAttribute('leave')));
    const again = slot('again', element('button', { type: 'button' }, '↻'));
    again.addEventListener('click', (event) => {
      event.preventDefault();
      this.#load(true);
    });
    this.#away.append(slot('away', element('a', { href: `tel:${campaign.emergency}` }, campaign.emergency)), again);
    this.#frame.append(this.#bar, this.#talk, this.#log, this.#away);
    // Our own page brings its first screen along, to be read and pressed before the script is there: it stands until there is a conversation.
    this.#early = this.shadowRoot !== null;
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    root.append(this.#leave);
    if (!this.#early) root.append(this.#frame);
    this.#reveal();
  }

  connectedCallback() {
    const { signal } = (this.#connected = new AbortController());
    const listen = (name, does) => addEventListener(name, does, { signal, capture: true });
    onShift(signal, () => leave(this.getAttribute('leave')), (nearly) => this.#warn(nearly));
    listen('toggle', () => this.#raise());
    listen('pagehide', () => this.#wipe());
    listen('pageshow', ({ persisted }) => persisted && this.#blank());
    this.#raise();
    if (this.#walker) this.#begin(false);
    else this.#load(false);
  }

  disconnectedCallback() {
    this.#connected.abort();
    this.#wipe();
  }

  /** #raise puts the button that leaves over everything else, also over what the page has put there since. */
  #raise() {
    this.#leave.hidePopover?.();
    this.#leave.showPopover?.();
  }

  /** #warn says that pressing Shift once more leaves, or no longer does. */
  #warn(nearly) {
    if (!this.#state || nearly === this.#leave.classList.contains('nearly')) return;
    const { lang, words } = this.#walker.books[this.#state.lang];
    this.#leave.classList.toggle('nearly', nearly);
    this.#shift.textContent = words[nearly ? 'web.once-more' : 'web.shift'];
    if (nearly) this.#log.append(element('p', { lang }, `${words['web.leave']}: ${words['web.once-more']}`));
  }

  /** #wipe forgets the conversation. */
  #wipe() {
    this.#loading?.abort();
    this.#closer?.destroy();
    this.#state = undefined;
    for (const e of [this.#bar, this.#talk, this.#log]) e.replaceChildren();
    this.#reveal('nothing');
  }

  /** #blank is a page that was cleared, or that comes back from the browser's cache: nothing but a sign that begins anew. */
  #blank(lang) {
    this.#tell('motkraft-blank');
    const again = element('button', { type: 'button' }, '↻');
    if (this.#walker) again.setAttribute('aria-label', this.#walker.books[lang ?? this.#lang()].words['button.start']);
    again.addEventListener('click', () => (this.#walker ? this.#begin(true, this.#walker.first(lang ?? this.#lang())) : this.#load(true)));
    this.#talk.append(again);
    this.#talk.hidden = false;
    if (lang) again.focus();
    this.#frame.classList.add('blank');
  }

  /** #reveal shows the conversation, what is said without one, or neither yet. */
  #reveal(part) {
    for (const e of [this.#bar, this.#talk]) e.hidden = part !== 'chat';
    this.#away.hidden = part !== 'away';
    this.#leave.hidden = part === 'nothing';
  }

  /** #lang is the language that the page wants, if there is one. */
  #lang() {
    const wanted = (this.getAttribute('lang') || document.documentElement.lang).slice(0, 2).toLowerCase();
    return !this.#walker || wanted in this.#walker.books ? wanted : Object.keys(this.#walker.books)[0];
  }

  /** #load fetches the screens. When they do not come, or not soon, what the page has put into the element for that is shown. */
  async #load(again) {
    this.#loading?.abort();
    if (!again) this.#reveal();
    const { signal } = (this.#loading = new AbortController());
    const slow = setTimeout(() => this.#fail(), patience);
    const give = (books) => {
      clearTimeout(slow);
      if (signal.aborted) return;
      const late = this.#walker;
      this.#walker = new Walker(books);
      if (late) this.#addLanguages();
      else this.#begin(again);
      this.#tell('motkraft-ready', Object.keys(books));
    };
    try {
      await fetchBooks(this.#lang(), (!again && this.getAttribute('screens')) || '', signal, give);
    } catch {
      clearTimeout(slow);
      if (!signal.aborted) this.#fail();
    }
  }

  /** #tell tells the page around, which has words of its own. */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** #fail shows what the page has for that. Where it stands there already, the log says it again. */
  #fail() {
    if (this.#early) return;
    if (!this.#away.hidden) this.#log.append(element('p', {}, this.querySelector('[slot=away]')?.textContent));
    this.#reveal('away');
  }

  /**
   * #door is the code that this was opened with: the element's own, else a poster's, which stands behind the # of the page's address. No browser
   * sends that. It is taken out of the address and of the history of this window here; what a browser has already put on its list of visited
   * pages may stay there.
   */
  #door() {
    const own = this.getAttribute('door');
    const code = location.hash.slice(1);
    if (own !== null || !Object.hasOwn(this.#walker.books[this.#lang()].doors, code)) return own;
    history.replaceState(history.state, '', location.pathname + location.search);
    return code;
  }

  /** #addLanguages puts languages that came late among the buttons, unless that would take the focus away: then they stand on the next screen. */
  #addLanguages() {
    const list = this.#talk.querySelector('.standing');
    if (!list || list.contains(this.shadowRoot.activeElement)) return;
    const { buttons } = this.#walker.show(this.#state, Date.now());
    list.replaceWith(...this.#standing(buttons, this.#walker.books[this.#state.lang]));
  }

  #begin(focus, state = this.#start()) {
    this.#reveal('chat');
    this.#frame.classList.remove('blank');
    this.#tell('motkraft-begin');
    this.#show(state, { focus });
    if (!this.#early) return;
    this.#early = false;
    this.shadowRoot.replaceChildren(this.#leave, this.#frame);
    this.#raise();
  }

  /** #start is where the conversation begins: behind a door, on the plain page's own screen, or at the first. */
  #start() {
    const lang = this.#lang();
    const [node, place] = (this.getAttribute('at') ?? '').split(' ');
    if (!this.#early || !(node in this.#walker.books[lang].nodes)) return this.#walker.door(lang, this.#door());
    return { ...this.#walker.first(lang), node, place: Number(place) };
  }

  /** #show puts a screen in the place of the last one. */
  #show(state, { line, focus = true } = {}) {
    const screen = this.#walker.show(state, Date.now(), line);
    if (screen.clear) {
      this.#wipe();
      return this.#blank(state.lang);
    }
    const book = this.#walker.books[state.lang];
    const { words } = book;
    const own = screen.buttons.filter(({ kind }) => kind === 'option');
    const standing = Object.fromEntries(screen.buttons.map((b) => [b.name, b]));
    const options = this.#list('option', own, words);
    this.#state = state;
    // The name is its own text, so that a reader that gets here by the focus says all of it.
    const message = element('div', { class: 'message', id: 'message', role: 'group', 'aria-labelledby': 'message', tabindex: '-1' });
    message.append(...paragraphs(screen.say));
    this.#shift.textContent = words['web.shift'];
    this.#leave.classList.remove('nearly');
    this.#leave.replaceChildren(element('span', {}, words['web.leave']), ' ', this.#shift);
    this.#bar.replaceChildren(this.#button(standing.acute, 'help'), standing.back ? this.#button(standing.back, 'back') : this.#call(book));
    this.#onBack(standing.back);
    this.#talk.replaceChildren(
      message,
      ...this.#offers(screen, screen.urgent ? options : [], book),
      ...(screen.urgent ? [] : options),
      this.#typing(state, words),
      ...this.#standing(screen.buttons, book),
      traces(words),
    );
    this.#log.setAttribute('aria-label', words['web.conversation']);
    for (const e of [this.#leave, this.#bar, this.#talk]) Object.assign(e, { lang: screen.lang, dir: direction(screen.lang) });
    this.#talk.classList.toggle('moved', focus);
    if (!focus) return;
    this.#log.append(element('p', { lang: screen.lang }, changed(screen, own, book)));
    message.focus({ preventScroll: true });
    // With very large text the first service stands over the message.
    const topOf = (e) => e.getBoundingClientRect().top;
    const [first] = [message, ...this.#talk.querySelectorAll('h2.first')].sort((a, b) => topOf(a) - topOf(b));
    if (topOf(first) < this.#bar.getBoundingClientRect().bottom || topOf(first) > innerHeight / 2) first.scrollIntoView();
  }

  /** #onBack lets the phone's own Back go a step back in here, where the browser asks for that. It makes no entry in the history. */
  #onBack(back) {
    this.#closer?.destroy();
    this.#closer = undefined;
    if (!back || onDesk() || !globalThis.CloseWatcher) return;
    this.#closer = new CloseWatcher();
    this.#closer.onclose = () => this.#show(back.to);
  }

  /** #call rings the emergency number. */
  #call({ services }) {
    const call = this.#button(services.find(({ emergency }) => emergency).contacts[0].button);
    call.className = 'ring';
    return call;
  }

  /**
   * #offers lays out the services by groups. Behind the first of them stands what a call leaves behind, and what else there is to say; on acute help
   * the choices stand there, and that at the end.
   */
  #offers({ offers, more, urgent }, options, book) {
    const calls = offers.some(({ cards }) => cards.some(({ ways }) => ways.some(({ button }) => button?.phone)));
    const text = element('div', { class: 'more' });
    text.append(...(calls ? [element('p', { class: 'note' }, book.words['web.calls'])] : []), ...paragraphs(more));
    const behind = urgent ? [...options] : [text];
    const first = (i) => (i ? '' : ' first');
    return [
      ...offers.flatMap(({ name, head, note, cards }, g) => [
        element('h2', { class: name + first(g) }, head),
        ...cards.flatMap((card, i) => [this.#card(card, name + first(g + i), book), ...behind.splice(0)]),
        ...(note ? [element('p', { class: 'unsure' }, note)] : []),
      ]),
      ...(urgent ? [text] : []),
    ];
  }

  /** #card lays out a service, each fact once: its name, the ways to reach it, each a button where it can be one, with its hours, and what it does. */
  #card({ name, about, open, ways }, group, book) {
    const card = element('div', { class: `card ${group}${open ? ' now' : ''}` });
    const list = element('ul', { class: 'contact', role: 'list', 'aria-label': book.words['web.contact'] });
    for (const { line, hours, answering, button } of ways) {
      const item = list.appendChild(element('li'));
      item.append(button ? this.#button(button) : element('span', { class: 'line' }, line));
      if (hours) item.append(element('span', { class: answering ? 'hours yes' : hours === book.words['hours.unknown'] ? 'hours' : 'hours no' }, hours));
      if (button?.shown && onDesk()) item.append(this.#copy(button.shown, book));
    }
    card.append(element('h3', {}, name), list, element('p', {}, about));
    return card;
  }

  /** #standing are the buttons that every screen has, but for those in the bar. */
  #standing(buttons, { words }) {
    return this.#list('standing', buttons.filter(({ kind, name }) => kind === 'standing' && !/acute|back/.test(name)), words);
  }

  #list(kind, buttons, words) {
    if (!buttons.length) return [];
    const list = element('ul', { class: kind, role: 'list', 'aria-label': words[`web.${kind}`] });
    for (const b of buttons) list.appendChild(element('li')).append(this.#button(b));
    return [list];
  }

  #button({ label, lang, to, url, phone }, sign) {
    if (phone) return signed('phone', element('a', { href: `tel:${phone}` }), label);
    if (url) return signed('out', element('a', { href: url, rel: 'noreferrer noopener external', target: '_blank' }), label);
    const button = signed(sign, element('button', { type: 'button', lang, ...(sign && { class: sign }) }), label);
    button.addEventListener('click', () => this.#show(to));
    return button;
  }

  #copy(number, book) {
    const button = element('button', { type: 'button', class: 'quiet' }, fill(book, 'web.copy', { Number: number }));
    button.addEventListener('click', async () => {
      const { lang, words } = book;
      try {
        await navigator.clipboard.writeText(number);
        button.textContent = words['web.copied'];
        this.#log.append(element('p', { lang }, words['web.copied']));
      } catch {
        const plain = element('span', { class: 'number', tabindex: '-1' }, number);
        button.replaceWith(plain);
        plain.focus();
        getSelection().selectAllChildren(plain);
      }
    });
    return button;
  }

  /** #typing is for whoever would rather type. Nothing may keep, correct or complete what they write. */
  #typing(state, words) {
    const form = element('form', { autocomplete: 'off' });
    const input = element('input', {
      id: 'typed', type: 'text', maxlength: maxHeard, autocomplete: 'off', autocorrect: 'off', autocapitalize: 'none', spellcheck: 'false',
      writingsuggestions: 'false', enterkeyhint: 'go', 'aria-describedby': 'note',
    });
    const row = element('div', { class: 'row' });
    row.append(input, element('button', {}, words['web.send']));
    form.append(element('label', { for: 'typed' }, words['web.type']), row, element('p', { class: 'note', id: 'note' }, words['web.type-note']));
    input.addEventListener('focus', () => this.#walker.hearing);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = input.value;
      input.value = '';
      if (!text.trim()) return input.focus();
      const heard = this.#walker.hear(state, text);
      this.#show(heard.state, heard);
    });
    return form;
  }
}

/** paragraphs are those of a text; a question weighs more. */
const paragraphs = (text) => text.split('\n\n').filter(Boolean).map((part) => element('p', part.endsWith('?') ? { class: 'asks' } : {}, part));

/** signed puts a sign before a label. */
function signed(name, e, label) {
  if (signs[name]) {
    const svg = (tag, attributes) => {
      const part = document.createElementNS('http://www.w3.org/2000/svg', tag);
      for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
      return part;
    };
    const drawing = svg('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true', class: `sign ${name}` });
    drawing.append(svg('path', { d: signs[name] }));
    e.append(drawing);
  }
  e.append(element('span', {}, label));
  return e;
}

/** direction is the one of a language's words, whatever the page around them has. */
function direction(lang) {
  const locale = new Intl.Locale(lang);
  return (locale.getTextInfo?.() ?? locale.textInfo ?? { direction: /^(ar|fa|he|ku|ps|ur)$/.test(lang) ? 'rtl' : 'ltr' }).direction;
}

/** traces says what leaving can do, and what it cannot. */
function traces(words) {
  const details = element('details');
  details.append(element('summary', {}, words['web.traces']), ...words['web.traces-text'].split('\n\n').map((text) => element('p', {}, text)));
  return details;
}

/** changed says in a few words what a new screen holds. */
function changed({ offers }, own, book) {
  if (!offers.length) return fill(book, 'web.choices', { Count: own.length });
  const cards = offers.flatMap((group) => group.cards);
  return fill(book, 'web.offers', { All: cards.length, Open: cards.filter(({ open }) => open).length });
}

/** onDesk reports whether a number is better copied than rung here: with a mouse. */
const onDesk = () => matchMedia('(hover: hover) and (pointer: fine)').matches;

/**
 * fetchBooks gives the screens of all languages by language, so that changing the language asks for nothing later. They are given once the
 * wanted one is there and the others are too, or have had their time; and once more when those come late. Names are those of the files as
 * the page knows them, such as "screens.sv.1a2b3c.json screens.en.4d5e6f.json"; they may have gone since.
 */
async function fetchBooks(wanted, names, signal, give) {
  const fetchFile = async (name) => {
    const answer = await fetch(new URL(name, import.meta.url), { signal, referrerPolicy: 'no-referrer' });
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    const book = await answer.json();
    if (book.shape !== bookShape) throw new Error(`${name} is of another release`);
    return book;
  };
  const fetchBook = (lang) => {
    const plain = `screens.${lang}.json`;
    const named = names.split(' ').find((name) => name.startsWith(`screens.${lang}.`));
    return named ? fetchFile(named).catch(() => fetchFile(plain)) : fetchFile(plain);
  };
  const own = await fetchBook(/^[a-z]{2}$/.test(wanted) ? wanted : campaign.language).catch(() => fetchBook(campaign.language));
  const books = new Map([[own.lang, own]]);
  const others = own.languages.filter((lang) => lang !== own.lang).map(async (lang) => books.set(lang, await fetchBook(lang)));
  const all = Promise.allSettled(others);
  await Promise.race([all, new Promise((done) => setTimeout(done, grace))]);
  const ordered = () => Object.fromEntries(own.languages.filter((lang) => books.has(lang)).map((lang) => [lang, books.get(lang)]));
  give(ordered());
  const early = books.size;
  await all;
  if (books.size > early) give(ordered());
}

function element(name, attributes = {}, text = '') {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  e.textContent = text;
  return e;
}

/** slot takes what the page has put into the element under a name, else something of ours. */
function slot(name, otherwise) {
  const e = element('slot', { name });
  e.append(otherwise);
  return e;
}

if (!customElements.get('motkraft-chat')) customElements.define('motkraft-chat', MotkraftChat); // a page may hold the script twice
