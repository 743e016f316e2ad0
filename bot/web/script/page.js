// The plain pages' own: their link that leaves does so fast, and theirs take each other's place, so that Back leads out of all of them.

const way = document.querySelector('.leave');
const [often, again] = way.querySelectorAll('small');
const alone = new AbortController();

way.addEventListener('click', (event) => {
  event.preventDefault();
  leave(way.href);
});
onShift(
  alone.signal,
  () => leave(way.href),
  (nearly) => {
    often.hidden = nearly;
    again.hidden = !nearly;
  },
);
often.hidden = false;

// On paper nothing can be opened. Browsers of before 2025 print a group as it stands.
const folded = () => document.querySelectorAll('details:not([open])');
addEventListener('beforeprint', () => {
  const closed = folded();
  for (const e of closed) e.open = true;
  addEventListener('afterprint', () => closed.forEach((e) => (e.open = false)), { once: true });
});

document.addEventListener('click', (event) => {
  const link = event.target.closest('a');
  const other = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey; // into another tab or window, as the person wants it
  if (event.defaultPrevented || other || link?.origin !== location.origin) return;
  event.preventDefault();
  location.replace(link.href);
});

// A page that was cleared shows nothing, in its title either; with no title at all the browser shows the address.
const { title } = document;
for (const [name, blank] of [['motkraft-blank', true], ['motkraft-begin', false]]) {
  addEventListener(
    name,
    () => {
      document.documentElement.classList.toggle('blank', blank);
      document.title = blank ? '\u200b' : title;
    },
    true,
  );
}

// The conversation has such a button of its own, and its own for the languages that it has.
customElements.whenDefined('motkraft-chat').then(() => {
  alone.abort();
  way.remove();
});
addEventListener(
  'motkraft-ready',
  ({ detail }) => {
    for (const link of document.querySelectorAll('footer [hreflang]')) if (detail.includes(link.hreflang)) link.parentElement.remove();
  },
  true,
);
