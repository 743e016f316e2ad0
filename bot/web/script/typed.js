// What somebody types: understand.go of the Go package bot, and fold.go and places.go of flows, over again. A test gives both the same texts.

const maxHeard = 4096; // characters of a text that are looked at
const maxGap = 2; // words between two words of a phrase
const maxBeside = 3; // words that may stand beside a command of several words
const minMisspelt = 6; // letters of a word that may be misspelt
const minMisspeltPlace = 7; // and of a place's name
const minWithin = 5; // letters of a place's name in the middle of a sentence
const commands = ['button.language', 'button.start', 'button.back', 'button.clear'];
const folding = { ø: 'o', æ: 'a', ß: 'ss', ł: 'l', đ: 'd' }; // letters that Unicode does not take apart

/** Hearing understands a text, by the phrases of every language that there is a book of. */
class Hearing {
  constructor(books) {
    this.langs = Object.keys(books);
    this.typed = Object.values(books).map(({ typed }) => typed);
    const [first] = this.typed;
    this.targets = first.nodes.map(({ node }, i) => ({
      node,
      phrases: Object.fromEntries(this.langs.map((lang, l) => [lang, this.typed[l].nodes[i].phrases.map(phrase)])),
      not: this.typed.flatMap(({ nodes }) => (nodes[i].not ?? []).map(phrase)),
    }));
    this.commands = this.langs.flatMap((lang, l) =>
      commands.map((key) => ({ key, lang: key === commands[0] ? lang : '', phrases: this.typed[l].commands[key].map(phrase) })),
    );
    this.leads = new Set(this.typed.flatMap(({ leads }) => leads));
    this.places = new Places(first);
  }

  /** hear gives what was understood: {node, place, lang, command}, each where there is one. */
  hear(text, lang) {
    const typed = words([...text].slice(0, maxHeard).join(''));
    const place = this.places.find(typed, this.leads);
    const langs = [lang, ...this.langs.filter((l) => l !== lang)];
    for (const { node, phrases, not } of this.targets) {
      const rest = without(typed, not);
      const found = langs.find((l) => phrases[l].some((p) => find(p, rest)));
      if (found) return { node, place, lang: found };
    }
    // "Change language" stands in every language's list and means another one than the person's.
    const command = this.commands.find((c) => c.lang !== lang && c.phrases.some((p) => isCommand(p, typed)));
    return command ? { command: command.key, lang: command.lang || lang } : { place, lang };
  }
}

/** Places finds names of places. */
class Places {
  constructor({ names, places, after, everyday }) {
    this.byRaw = new Map();
    this.byFold = new Map();
    this.after = new Set(after);
    this.everyday = new Set(everyday);
    this.longest = 0;
    names.forEach((name, i) => {
      const called = words(name);
      const [raw, folded] = [joined(called, 'raw'), joined(called, 'fold')];
      if (!this.byRaw.has(raw)) this.byRaw.set(raw, places[i]);
      if (!this.byFold.has(folded)) this.byFold.set(folded, places[i]);
      this.longest = Math.max(this.longest, called.length);
    });
    this.letters = [...this.byFold].map(([name, at]) => [[...name], at]);
  }

  find(typed, leads) {
    return this.named(typed) ?? this.within(typed, leads) ?? this.like(typed) ?? 0;
  }

  /** named gives the place that a few words name, whole. */
  named(typed) {
    for (let n = typed.length; n > 0; n--) {
      const at = this.byRaw.get(joined(typed, 'raw')) ?? this.byFold.get(joined(typed, 'fold'));
      if (at) return at;
      if (!this.after.has(typed[n - 1].fold)) return undefined;
      typed = typed.slice(0, -1);
      // "Göteborgs stad", "Umeås kommun": the genitive belongs to the word that went.
      const last = typed.at(-1);
      if (last && !this.byFold.has(joined(typed, 'fold'))) {
        typed = [...typed.slice(0, -1), { raw: last.raw.replace(/s$/, ''), fold: last.fold.replace(/s$/, '') }];
      }
    }
    return undefined;
  }

  /** within gives the place that a sentence names. */
  within(typed, leads) {
    for (let i = 0; i < typed.length; i++) {
      for (let n = Math.min(this.longest + 1, typed.length - i); n > 0; n--) {
        const span = typed.slice(i, i + n);
        const at = this.named(span);
        if (!at) continue;
        const led = i > 0 && leads.has(typed[i - 1].fold);
        const plain = !this.everyday.has(at) && [...span[0].raw].length >= minWithin;
        if (led || plain || this.after.has(span[n - 1].fold)) return at;
      }
    }
    return undefined;
  }

  /** like gives the place whose name a few words are, whole, with one letter wrong. Two such places are none. */
  like(typed) {
    const letters = [...joined(typed, 'fold')];
    const near = this.letters.filter(([name]) => name.length >= minMisspeltPlace && name[0] === letters[0] && misspelt(name, letters));
    const found = new Set(near.map(([, at]) => at));
    return found.size === 1 ? [...found][0] : undefined;
  }
}

/** words cuts a text into words of letters and digits: [{raw, fold}]. */
function words(text) {
  // Letter by letter, since a whole text is put into lower case by rules of Greek and Turkish that Go does not have.
  const lower = [...text.normalize('NFC')].map((c) => (c === 'İ' ? 'i' : c.toLowerCase())).join('');
  return (lower.replace(/['’]/g, '').match(/[\p{L}\p{Nd}]+/gu) ?? []).map((raw) => ({ raw, fold: fold(raw) }));
}

/** fold takes the diacritics off a text in lower case. */
function fold(text) {
  return text.normalize('NFD').replace(/\p{Mn}/gu, '').replace(/[øæßłđ]/g, (c) => folding[c]);
}

const joined = (typed, form) => typed.map((w) => w[form]).join(' ');

/** phrase reads a phrase as bot.Typed writes it. */
function phrase(text) {
  return text.split(' ').map((word) => {
    const prefix = word.endsWith('*');
    const fold = prefix ? word.slice(0, -1) : word;
    return { fold, prefix, letters: [...fold] };
  });
}

/** without gives the words with the exceptions blotted out. */
function without(typed, not) {
  for (const p of not) {
    const at = find(p, typed);
    if (at) typed = typed.map((w, i) => (i >= at[0] && i < at[1] ? { raw: '', fold: '' } : w));
  }
  return typed;
}

const isCommand = (p, typed) => typed.length <= p.length + (p.length === 1 ? 0 : maxBeside) && Boolean(find(p, typed));

/** find gives where a phrase first stands in the words: from its first word up to and without the one after its last. */
function find([first, ...rest], typed) {
  for (let i = 0; i < typed.length; i++) {
    const taken = matches(first, typed[i].fold) ? follows(rest, typed, i + 1) : undefined;
    if (taken) return [i, taken];
  }
  return undefined;
}

/** follows gives where the rest of a phrase ends, if it goes on in the words from here. */
function follows(p, typed, from) {
  if (!p.length) return from;
  for (let i = from; i < Math.min(typed.length, from + maxGap + 1); i++) {
    const taken = matches(p[0], typed[i].fold) ? follows(p.slice(1), typed, i + 1) : undefined;
    if (taken) return taken;
  }
  return undefined;
}

function matches({ fold, prefix, letters }, word) {
  if (word === fold || (prefix && word.startsWith(fold))) return true;
  if (letters.length < minMisspelt || word.codePointAt(0) !== fold.codePointAt(0)) return false;
  const typed = [...word];
  if (!prefix) return misspelt(letters, typed);
  return [-1, 0, 1].some((more) => letters.length + more <= typed.length && misspelt(letters, typed.slice(0, letters.length + more)));
}

/** misspelt reports whether two words differ by at most one letter that is wrong, missing, added or swapped with its neighbour. */
function misspelt(a, b) {
  if (a.length > b.length) [a, b] = [b, a];
  if (b.length - a.length > 1) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  const same = (from, to) => a.slice(from).join('') === b.slice(to).join('');
  if (a.length < b.length) return same(i, i + 1);
  return i === a.length || same(i + 1, i + 1) || (a[i] === b[i + 1] && a[i + 1] === b[i] && same(i + 2, i + 2));
}
