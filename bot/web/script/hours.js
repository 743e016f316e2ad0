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
  const answering = from <= t;
  const then = answering ? to : from;
  const there = then && date(then * 1000);
  const days = Math.round((there?.noon - date(now).noon) / (day * 1000));
  if (!answering && !(days <= horizon)) return [false, words['hours.closed']]; // also where none comes
  if (answering && to - t > horizon * day) return [true, words['hours.open']];
  const Day = days < week ? book.weekdays[new Date(there.noon).getUTCDay()] : `${there.day} ${book.months[there.month - 1]}`;
  const key = answering ? (then - t < day ? 'until' : 'until-on') : (['today', 'tomorrow'][days] ?? 'on');
  return [answering, fill(book, `hours.${key}`, { Day, Time: clock(then) })];
}

const fill = (book, key, values) => book.phrases[key].map((part, i) => (i % 2 ? values[part] : part)).join('');

const clockFormat = new Intl.DateTimeFormat('sv-SE', { timeZone: campaign.timezone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const dateFormat = new Intl.DateTimeFormat('en-CA', { timeZone: campaign.timezone, year: 'numeric', month: 'numeric', day: 'numeric' });

const clock = (seconds) => clockFormat.format(new Date(seconds * 1000));

function date(milliseconds) {
  const part = Object.fromEntries(dateFormat.formatToParts(new Date(milliseconds)).map(({ type, value }) => [type, Number(value)]));
  return { ...part, noon: Date.UTC(part.year, part.month - 1, part.day, 12) };
}
