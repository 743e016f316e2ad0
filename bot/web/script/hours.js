// When contacts answer: words.go of the Go package bot over again, with the openings as the screens have them.

const week = 7;
const horizon = 14; // days ahead that an opening is told of: flows.horizon
const day = 86400; // seconds

/** status says whether a contact answers, until when or from when; times in Unix seconds. */
function status(book, contact, now) {
  if (contact.always) return { known: true, open: true, always: true };
  const t = now / 1000;
  if (!contact.plan || t < book.from || t >= book.to) return {};
  const next = (contact.open ?? []).find(([, to]) => to > t);
  if (!next) return t + horizon * day > book.to ? {} : { known: true };
  const [from, to] = next;
  return from <= t ? { known: true, open: true, until: to } : { known: true, opens: from };
}

/** hours says a contact's status in words. Where the screens are too old to know it, that is the schedule. */
function hours(book, contact, s, now) {
  const { words } = book;
  if (!s.known) return contact.plan ?? words['hours.unknown'];
  if (s.always) return words['hours.always'];
  if (s.open) return fill(book, 'hours.until', { Time: clock(s.until) });
  const closed = words['hours.closed'];
  if (!s.opens) return closed;
  const there = date(s.opens * 1000);
  const days = Math.round((there.noon - date(now).noon) / (day * 1000));
  if (days > horizon) return closed;
  const Time = clock(s.opens);
  if (days === 0) return fill(book, 'hours.today', { Time });
  if (days === 1) return fill(book, 'hours.tomorrow', { Time });
  if (days < week) return fill(book, 'hours.on', { Day: book.weekdays[new Date(there.noon).getUTCDay()], Time });
  return fill(book, 'hours.on', { Day: `${there.day} ${book.months[there.month - 1]}`, Time });
}

const fill = (book, key, values) => book.phrases[key].map((part, i) => (i % 2 ? values[part] : part)).join('');

const clockFormat = new Intl.DateTimeFormat('sv-SE', { timeZone: campaign.timezone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const dateFormat = new Intl.DateTimeFormat('en-CA', { timeZone: campaign.timezone, year: 'numeric', month: 'numeric', day: 'numeric' });

const clock = (seconds) => clockFormat.format(new Date(seconds * 1000));

function date(milliseconds) {
  const part = Object.fromEntries(dateFormat.formatToParts(new Date(milliseconds)).map(({ type, value }) => [type, Number(value)]));
  return { ...part, noon: Date.UTC(part.year, part.month - 1, part.day, 12) };
}
