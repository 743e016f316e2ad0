// Leaving fast: by a button or link, and by Shift alone. The element and the plain pages share it.

const leavePresses = 3; // of Shift, with nothing between
const leaveWithin = 5000; // milliseconds from one of them to the next

/** leave goes: the page is gone at once, and nothing of it is left to come back to. What comes instead may take its time. */
function leave(wish) {
  let to = campaign.leave;
  try {
    const { href, protocol } = new URL(wish);
    if (/^https?:$/.test(protocol)) to = href;
  } catch {
    // it is no address
  }
  const blank = document.implementation.createHTMLDocument('\u200b'); // with no title at all the browser shows the address
  const quiet = document.createElement('meta');
  quiet.name = 'referrer';
  quiet.content = 'no-referrer';
  blank.head.append(quiet);
  document.documentElement.replaceWith(blank.documentElement);
  silence();
  try {
    top.location.replace(to);
  } catch {
    location.replace(to); // a frame that may not lead the whole window elsewhere
  }
}

/**
 * silence takes every listener off the page and its window, as opening a document anew does: a page that asks before it is left would hold the
 * person there, its address in view.
 */
function silence() {
  const empty = document.documentElement;
  try {
    document.open();
    document.close();
  } catch {
    return; // a document that cannot be opened
  }
  if (document.documentElement) document.documentElement.replaceWith(empty);
  else document.append(empty);
}

/** onShift calls go at the last press, and tells warn whether only that one is missing. */
function onShift(signal, go, warn) {
  let presses = [];
  let forget;
  const count = (list) => {
    presses = list;
    const nearly = list.length === leavePresses - 1;
    clearTimeout(forget);
    if (nearly) forget = setTimeout(count, leaveWithin, []);
    if (list.length === leavePresses) go();
    else warn(nearly);
  };
  const listen = (name, does) => addEventListener(name, does, { signal, capture: true });
  listen('keydown', ({ key, repeat, timeStamp, altKey, ctrlKey, metaKey }) => {
    if (repeat) return;
    const alone = key === 'Shift' && !altKey && !ctrlKey && !metaKey;
    const recent = timeStamp - presses[presses.length - 1] <= leaveWithin;
    count(alone ? [...(recent ? presses : []), timeStamp] : []);
  });
  listen('pointerdown', () => count([]));
}
