// The conversation: engine.go and bot.go of the Go package bot over again. A test plays the same conversations through both.

const trailLength = 4; // bot.State.Trail
const elsewhere = 0xffff; // flows.Elsewhere

/** Walker gives the screen for a state. A state is {lang, place, node, trail}; it is never changed, only followed by another. */
export class Walker {
  /** @param {Object<string, object>} books - the screens by language, as bot.Book writes them. */
  constructor(books) {
    this.books = books;
  }

  /** hearing is made when somebody is about to type: few do. */
  get hearing() {
    return (this.heard ??= new Hearing(this.books));
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
   * show gives a screen at a moment in milliseconds: {lang, clear, urgent, say, more, offers, buttons: [{kind, name, label, lang, to | url | phone}]};
   * those that every screen has are known by name. The Go package says the offers behind what is said, and more behind the first of them (on acute
   * help behind all), in one text. A line stands before it.
   */
  show(state, now, line) {
    const book = this.books[state.lang];
    const leaf = book.nodes[state.node];
    const buttons = [];
    const add = (kind, label, to, name, lang = state.lang) => buttons.push({ kind, name, label, to, lang });
    const offers = leaf.refer ? this.offers(book, leaf, state.place, now) : [];
    for (const { cards } of offers) buttons.push(...cards.flatMap(({ ways }) => ways.flatMap(({ button }) => button || [])));
    const none = leaf.refer && leaf.near === state.node && knows(leaf, state.place) && !offers.some(({ name }) => name === 'near');
    const say = [line, leaf.ask ? this.ask(book, leaf, state, add) : leaf.text];
    const more = [none && (leaf.none ?? book.words['referral.none']), leaf.more];
    for (const { label, to } of leaf.options ?? []) add('option', label, this.step(state, to));
    if (leaf.find) add('option', book.words['button.find'], this.step(state, leaf.near));
    if (leaf.change) add('option', book.words['button.place'], { ...forward(state, leaf.change), place: 0 });
    this.standing(book, leaf, state, add);
    const together = (texts) => texts.filter(Boolean).join('\n\n');
    return { lang: state.lang, clear: state.node === book.cleared, urgent: leaf.urgent, buttons, say: together(say), more: together(more), offers };
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

  /** back is the node before; from a county's municipalities it is the counties. Whoever comes back to a place question answers it anew. */
  back(state) {
    const book = this.books[state.lang];
    if (book.nodes[state.node].ask?.second?.[state.place]) return { ...state, place: 0 };
    const [node = book.welcome, ...trail] = state.trail;
    return { ...state, node, trail, place: book.nodes[node].ask ? 0 : state.place };
  }

  clear(state) {
    return { ...this.first(state.lang), node: this.books[state.lang].cleared };
  }

  /** hear gives where a typed text leads, and a line that says what was done with it where the screen alone does not. */
  hear(state, text) {
    const { node, place, lang, command } = this.hearing.hear(text, state.lang);
    state = { ...state, lang, place: place || state.place };
    const { nodes, words, typed, welcome } = this.books[lang];
    switch (command) {
      case 'button.language':
        return { state };
      case 'button.start':
        return { state: this.first(lang) };
      case 'button.back':
        return { state: this.back(state) };
      case 'button.clear':
        return { state: this.clear(state) };
    }
    if (!node && !place) return { state: this.first(lang), line: words['say.strayed'] };
    const { near } = nodes[node || state.node];
    const first = !node || nodes[welcome].options.some(({ to }) => to === node);
    const to = (place && first && near) || node;
    return {
      state: to ? this.step(state, to) : state,
      line: place && fill(this.books[lang], 'say.place', { Place: typed.names[typed.places.indexOf(place)] }),
    };
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
    if (state.place) add('option', book.words['button.elsewhere-county'], this.step(state, ask.to));
    else add('option', book.words['button.elsewhere'], this.step({ ...state, place: elsewhere }, ask.to));
    add('option', book.words['button.unsaid'], this.step({ ...state, place: 0 }, ask.to));
    return state.place ? book.words['place.municipality'] : leaf.text;
  }

  standing(book, leaf, state, add) {
    const { words } = book;
    add('standing', words['button.acute'], this.step(state, leaf.acute), 'acute');
    if (leaf.contacts !== state.node && leaf.contacts !== leaf.acute) add('standing', words['button.contacts'], this.step(state, leaf.contacts), 'contacts');
    if (state.node !== book.welcome) {
      if (state.node !== book.cleared) add('standing', words['button.back'], this.back(state), 'back');
      if (state.node !== leaf.acute) add('standing', words['button.start'], this.first(state.lang), 'start');
    }
    for (const other of Object.keys(this.books)) {
      if (other !== state.lang) add('standing', this.books[other].words['button.language'], { ...state, lang: other }, 'language', other);
    }
    add('standing', words['button.clear'], this.clear(state), 'clear');
  }

  /** offers gives the services in groups: [{name, head, note, cards: [{name, about, open, ways: [{line, answering, hours, button}]}]}]. */
  offers(book, leaf, place, now) {
    const groups = { emergency: [], near: [], open: [], later: [] };
    const there = leaf.refer.map((i) => book.services[i]).filter(({ area, except }) => (area ? within(area, place) : !within(except, place)));
    const hasNear = there.some(({ area }) => area);
    for (const { area, except, contacts, emergency, ...card } of there) {
      const times = contacts.map(({ hours }) => (hours ? answers(book, hours, now) : []));
      const ways = contacts.map(({ line, button, aside }, j) => ({
        line,
        answering: times[j][0],
        hours: times[j][1],
        button: button && !aside && { kind: 'contact', lang: book.lang, ...button },
      }));
      const open = times.some(([open]) => open);
      const group = area ? 'near' : emergency && hasNear ? 'emergency' : open ? 'open' : 'later';
      groups[group].push({ ...card, open, ways });
    }
    const unsure = groups.open.length + groups.later.length && !groups.near.some(({ open }) => open);
    return Object.entries(groups).map(([name, cards]) => ({
      name,
      head: book.words[`referral.${name}`],
      note: name === 'near' && unsure && book.words['referral.unsure'],
      cards,
    })).filter(({ cards }) => cards.length);
  }
}

function forward(state, to) {
  if (to === state.node) return state;
  return { ...state, node: to, trail: [state.node, ...state.trail].slice(0, trailLength) };
}

const county = (place) => (place >= 100 ? Math.floor(place / 100) : place);

const within = (area = [], place) => area.includes(place) || area.includes(county(place));

const decided = (ask, place) => place !== 0 && place !== elsewhere && !ask.second?.[place];

/** knows reports whether a place says whether somebody is near: the answer to the screen's own question, or a municipality. */
const knows = (leaf, place) => Boolean(place && (leaf.change || (place > 99 && place !== elsewhere)));
