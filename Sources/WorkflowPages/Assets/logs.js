// Follows a log as it grows, and finds text in it.
import { events } from './live.js';

const near = 40;

// Returns what ends it.
export function followLogs(root) {
  const ends = [];
  for (const panel of root.querySelectorAll('.log-panel')) {
    const log = panel.querySelector('.log');
    search(panel, log);
    log.scrollTop = log.scrollHeight;
    if (log.dataset.log) ends.push(grow(panel, log));
  }
  return () => ends.forEach((end) => end());
}

function grow(panel, log) {
  const text = log.querySelector('pre');
  const wants = panel.querySelector('[data-follow]');
  const state = panel.querySelector('[data-log-state]');
  let place = log.dataset.place;
  let source = null;
  let timer = 0;
  let failures = 0;
  let isOver = false;
  const address = (extra) => `${log.dataset.log}&place=${encodeURIComponent(place)}${extra}`;

  // Scrolling up stops the following, scrolling down to the end takes it up again.
  log.addEventListener('scroll', () => { wants.checked = log.scrollHeight - log.scrollTop - log.clientHeight < near; }, { passive: true });
  wants.addEventListener('change', () => { if (wants.checked) log.scrollTop = log.scrollHeight; });

  function end() {
    isOver = true;
    source?.close();
    clearTimeout(timer);
  }
  function show(name, data, id) {
    if (id) place = id;
    if (name === 'log') {
      text.insertAdjacentHTML('beforeend', data);
      state.textContent = 'The attempt goes on.';
      if (wants.checked) log.scrollTop = log.scrollHeight;
    }
    if (name === 'over') {
      end();
      state.textContent = text.textContent ? 'The attempt is over.' : 'It printed nothing.';
    }
  }
  function listen() {
    source = new EventSource(address(''));
    for (const name of ['log', 'seen', 'over']) source.addEventListener(name, (event) => { failures = 0; show(name, event.data, event.lastEventId); });
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

// Marks what is found as it is typed, where the browser can mark without changing the text; Enter goes on to the next place.
function search(panel, log) {
  const form = panel.querySelector('.log-tools');
  const field = form.querySelector('input[type=search]');
  const state = panel.querySelector('[data-log-state]');
  if (!('highlights' in CSS)) return;
  let found = [];
  let current = -1;
  function find() {
    found = [];
    current = -1;
    const wanted = field.value.toLowerCase();
    if (wanted) {
      const walker = document.createTreeWalker(log, NodeFilter.SHOW_TEXT);
      while (walker.nextNode() && found.length < 5000) {
        const node = walker.currentNode;
        const text = node.data.toLowerCase();
        for (let at = text.indexOf(wanted); at >= 0 && text.length === node.data.length; at = text.indexOf(wanted, at + wanted.length)) {
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, at + wanted.length);
          found.push(range);
        }
      }
      state.textContent = `${found.length} ${found.length === 1 ? 'place' : 'places'} found`;
    }
    CSS.highlights.set('found', new Highlight(...found));
    CSS.highlights.delete('current');
  }
  function next() {
    if (!found.length) return;
    current = (current + 1) % found.length;
    CSS.highlights.set('current', new Highlight(found[current]));
    const place = found[current].getBoundingClientRect();
    const frame = log.getBoundingClientRect();
    log.scrollTop += place.top - frame.top - frame.height / 2;
    state.textContent = `${current + 1} of ${found.length}`;
  }
  field.addEventListener('input', find);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (current < 0) find();
    next();
  });
}
