// Follows a log as it grows. The server does the search, because a page has only a part of the log.
import { events } from './live.js';
import { showTimes } from './times.js';

const near = 40;

// Returns a function that stops following.
export function followLogs(root) {
  const ends = [];
  for (const panel of root.querySelectorAll('.log-panel')) {
    const log = panel.querySelector('.log');
    colour(log);
    keepChoices(panel);
    // A dialog has no address of its own for a line.
    const seek = root === document ? seeker(panel, log) : () => {};
    const match = log.querySelector('#match');
    if (match) centre(log, match);
    else if ('end' in log.dataset) log.scrollTop = log.scrollHeight;
    seek();
    if (log.dataset.log) ends.push(grow(panel, log, seek));
  }
  return () => ends.forEach((end) => end());
}

function centre(log, place) {
  log.scrollTop += place.getBoundingClientRect().top - log.getBoundingClientRect().top - log.clientHeight / 2;
}

// Wrapping and times stay as they were chosen while the visitor reads logs.
function keepChoices(panel) {
  for (const box of panel.querySelectorAll('.wraps, .timed')) {
    const name = `log ${box.className}`;
    try {
      const kept = sessionStorage.getItem(name);
      if (kept) box.checked = kept === 'on';
      box.addEventListener('change', () => sessionStorage.setItem(name, box.checked ? 'on' : 'off'));
    } catch { return; }
  }
}

// Shows the line that the address names: at once, on the page that has it, or when it is printed.
function seeker(panel, log) {
  let shown = 0;
  function seek() {
    const line = Number(location.hash.match(/^#L([1-9][0-9]{0,15})$/)?.[1] ?? 0);
    if (!line || line === shown) return;
    const place = log.querySelector(`#L${line}`);
    if (place) {
      shown = line;
      for (const former of log.querySelectorAll('.sought')) former.classList.remove('sought');
      place.classList.add('sought');
      const wants = panel.querySelector('[data-follow]');
      if (wants) wants.checked = false;
      centre(log, place);
    } else if ('end' in log.dataset && line < Number(log.querySelector('.number')?.textContent ?? 0)) {
      const attempt = panel.querySelector('input[name=attempt]').value;
      location.replace(`${location.pathname}?attempt=${attempt}&line=${line}#L${line}`);
    }
  }
  addEventListener('hashchange', seek);
  return seek;
}

// The exact colours of 256 and of true colour. On the dark ground of a log, dark text is made lighter.
function colour(log) {
  for (const part of log.querySelectorAll('[data-fg], [data-bg]')) {
    const { fg, bg } = part.dataset;
    if (bg) part.style.backgroundColor = `#${bg}`;
    if (fg) part.style.color = bg ? `#${fg}` : readable(fg);
    else if (bg) part.style.color = light(bg) > 0.4 ? '#14181d' : '#fff';
  }
}

const light = (hex) => [0, 2, 4].reduce((sum, at, index) => sum + parseInt(hex.slice(at, at + 2), 16) / 255 * [0.3, 0.59, 0.11][index], 0);

function readable(hex) {
  const missing = 0.5 - light(hex);
  return missing <= 0 ? `#${hex}` : `color-mix(in srgb, #${hex}, #fff ${Math.round(missing * 110)}%)`;
}

// Removes the text after the last line break: a carriage return has overwritten it.
function cutLine(place) {
  for (let last = place.lastChild; last; last = place.lastChild) {
    const at = last.textContent.lastIndexOf('\n');
    if (at < 0) { last.remove(); continue; }
    if (last.nodeType === Node.TEXT_NODE) last.data = last.data.slice(0, at + 1); else cutLine(last);
    return;
  }
}

function grow(panel, log, seek) {
  const text = log.querySelector('pre');
  const wants = panel.querySelector('[data-follow]');
  const state = panel.querySelector('[data-log-state]');
  let place = log.dataset.place;
  let source = null;
  let timer = 0;
  let failures = 0;
  let isOver = false;
  const address = (extra) => `${log.dataset.log}&place=${encodeURIComponent(place)}${extra}`;

  // Scrolling up pauses following, scrolling to the end resumes it.
  const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < near;
  wants.checked = wants.checked && isAtEnd();
  log.addEventListener('scroll', () => { wants.checked = isAtEnd(); }, { passive: true });
  wants.addEventListener('change', () => { if (wants.checked) log.scrollTop = log.scrollHeight; });

  function end() {
    isOver = true;
    source?.close();
    clearTimeout(timer);
  }
  function show(name, data, id) {
    if (id) place = id;
    if (name === 'log' || name === 'redraw') {
      if (name === 'redraw') cutLine(text);
      const piece = document.createElement('template');
      piece.innerHTML = data;
      showTimes(piece.content);
      colour(piece.content);
      text.append(piece.content);
      seek();
      state.textContent = 'The attempt is in progress.';
      if (wants.checked) log.scrollTop = log.scrollHeight;
    }
    if (name === 'over') {
      end();
      state.textContent = text.textContent ? 'The attempt has ended.' : 'No output.';
    }
  }
  function listen() {
    source = new EventSource(address(''));
    for (const name of ['log', 'redraw', 'seen', 'over']) source.addEventListener(name, (event) => { failures = 0; show(name, event.data, event.lastEventId); });
    source.onerror = () => {
      failures += 1;
      if (failures < 3 && source.readyState !== EventSource.CLOSED) return;
      source.close();
      ask();
    };
  }
  async function ask() {
    if (isOver) return;
    try {
      const answer = await fetch(address('&once=yes'));
      if (answer.redirected || answer.status === 401 || answer.status === 404) return end();
      if (answer.ok) for (const event of events(await answer.text())) show(event.name, event.data, event.id);
    } catch { state.textContent = 'The service cannot be reached; trying again.'; }
    if (!isOver) timer = setTimeout(ask, 2000);
  }
  const begin = () => { if (!isOver) { if ('EventSource' in window) listen(); else ask(); } };
  const turn = () => { source?.close(); clearTimeout(timer); if (!document.hidden) begin(); };
  document.addEventListener('visibilitychange', turn);
  begin();
  return () => { end(); document.removeEventListener('visibilitychange', turn); };
}
