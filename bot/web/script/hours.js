// When contacts answer: words.go of the Go package bot over again, with the openings as the screens have them.

const week = 7;
const horizon = 14; // days ahead that an opening is told of: flows.horizon
const day = 86400; // seconds

/** answers says whether a contact answers by its hours, and in words until when or from when. Where the screens are too old to know, that is the schedule. */
function answers(book, { always, plan, open = [] }, now) {
  const { words } = book;
  const t = now / 1000; // as the openings are: Unix seconds
  if (always) return [true, words['hours.always']];
  const [from, to] = open.find(([, to]) => to > t) ?? [];
  if (!plan || t < book.from || t >= book.to || (!from && t + horizon * day > book.to)) return [false, plan ?? words['hours.unknown']];
  if (from <= t) return [true, fill(book, 'hours.until', { Time: clock(to) })];
  const there = from && date(from * 1000);
  const days = Math.round((there?.noon - date(now).noon) / (day * 1000));
  if (!(days <= horizon)) return [false, words['hours.closed']]; // also where none comes
  const said = (key, Day) => [false, fill(book, key, { Day, Time: clock(from) })];
  if (days === 0) return said('hours.today');
  if (days === 1) return said('hours.tomorrow');
  return said('hours.on', days < week ? book.weekdays[new Date(there.noon).getUTCDay()] : `${there.day} ${book.months[there.month - 1]}`);
}

const fill = (book, key, values) => book.phrases[key].map((part, i) => (i % 2 ? values[part] : part)).join('');

const clockFormat = new Intl.DateTimeFormat('sv-SE', { timeZone: campaign.timezone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const dateFormat = new Intl.DateTimeFormat('en-CA', { timeZone: campaign.timezone, year: 'numeric', month: 'numeric', day: 'numeric' });

const clock = (seconds) => clockFormat.format(new Date(seconds * 1000));

function date(milliseconds) {
  const part = Object.fromEntries(dateFormat.formatToParts(new Date(milliseconds)).map(({ type, value }) => [type, Number(value)]));
  return { ...part, noon: Date.UTC(part.year, part.month - 1, part.day, 12) };
}
