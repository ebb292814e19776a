// Updates regions of a page from the server: by server-sent events, or by polling where these do not come through.
import { showTimes } from './times.js';
import { colourGraph } from './graph.js';
import { isNoticeWanted, tellEnd } from './notices.js';

const askEvery = 3000;
const patience = 3;

// Returns a function that stops the updates. `whenSeen` is called when the page shows the current state.
export function follow(start, whenSeen) {
  const place = new URL(start, location.href);
  // The tag of the version that this page shows: the server sends the differences.
  let last = place.searchParams.get('seen') ?? '';
  let source = null;
  let timer = 0;
  let failures = 0;
  let isOver = false;

  function address(extra) {
    if (last) place.searchParams.set('seen', last); else place.searchParams.delete('seen');
    return place.pathname + place.search + (extra ? (place.search ? '&' : '?') + extra : '');
  }

  function end() {
    isOver = true;
    source?.close();
    clearTimeout(timer);
  }

  function show(event, data, id) {
    if (id) last = id;
    if (event === 'region') showRegion(data);
    if (event === 'list') showList(data);
    if (event === 'seen') { scaleTimelines(); colourGraph(); showState(); whenSeen?.(); }
    if (event === 'over') { end(); tellEnd(); }
  }

  function listen() {
    source = new EventSource(address());
    for (const name of ['region', 'list', 'seen', 'over']) {
      source.addEventListener(name, (event) => { failures = 0; say(''); show(name, event.data, event.lastEventId); });
    }
    source.onopen = () => { failures = 0; say(''); };
    source.onerror = () => {
      failures += 1;
      if (failures < patience && source.readyState !== EventSource.CLOSED) return;
      source.close();
      say('Live updates were interrupted; asking every few seconds.');
      ask();
    };
  }

  async function ask() {
    if (isOver) return;
    try {
      const answer = await fetch(address('once=yes'));
      if (answer.redirected || answer.status === 401 || answer.status === 404) return end();
      if (answer.ok) { say(''); for (const event of events(await answer.text())) show(event.name, event.data, event.id); }
    } catch { say('The service cannot be reached; trying again.'); }
    if (!isOver) timer = setTimeout(ask, askEvery);
  }

  // A hidden page holds no connection, unless it has to tell of an end: a browser has only a few per host.
  const begin = () => { if (!isOver) { if ('EventSource' in window) listen(); else ask(); } };
  const rest = () => { source?.close(); clearTimeout(timer); };
  const turn = () => { rest(); if (!document.hidden || isNoticeWanted()) begin(); };
  document.addEventListener('visibilitychange', turn);
  addEventListener('pagehide', rest);
  addEventListener('pageshow', (event) => { if (event.persisted) turn(); });
  begin();
  return () => { end(); document.removeEventListener('visibilitychange', turn); };
}

// Parses a complete response of server-sent events.
export function events(text) {
  return text.split('\n\n').filter((block) => block.trim() && !block.startsWith(':')).map((block) => {
    const event = { name: 'message', data: '', id: '' };
    const data = [];
    for (const line of block.split('\n')) {
      const at = line.indexOf(':');
      const [field, value] = [line.slice(0, at), line.slice(at + 1).replace(/^ /, '')];
      if (field === 'event') event.name = value; else if (field === 'id') event.id = value; else if (field === 'data') data.push(value);
    }
    event.data = data.join('\n');
    return event;
  });
}

// The first line is the id of the element, the rest is its content.
function showRegion(data) {
  const at = data.indexOf('\n');
  const region = document.getElementById(at < 0 ? data : data.slice(0, at));
  if (!region) return;
  const holder = document.createElement('template');
  holder.innerHTML = at < 0 ? '' : data.slice(at + 1);
  showTimes(holder.content);
  change(region, holder.content);
}

// The first line is the id of the element, the second the ids of its children in order. New children are empty until their region arrives.
function showList(data) {
  const [id, line = ''] = data.split('\n');
  const list = document.getElementById(id);
  if (!list) return;
  const wanted = line.split(' ').filter((each) => each);
  const present = new Map([...list.children].map((each) => [each.id, each]));
  for (const [name, old] of present) if (!wanted.includes(name)) old.remove();
  wanted.forEach((name, index) => {
    let item = present.get(name);
    if (!item) {
      item = document.createElement(list.dataset.items);
      item.id = name;
      item.className = list.dataset.itemClass ?? '';
    }
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
  });
}

// The tab shows the state of the run.
function showState() {
  const tab = document.querySelector('[data-tab]')?.dataset.tab;
  const icon = document.querySelector('link[rel=icon]');
  if (!tab || !icon || document.querySelector('dialog[open]')) return;
  const [file, word] = [tab.slice(0, tab.indexOf(' ')), tab.slice(tab.indexOf(' ') + 1)];
  icon.href = icon.href.replace(/[^/]*$/, `${file}.svg`);
  document.title = document.title.replace(/^.*? · /, `${word} · `);
}

// Rows of a timeline are in milliseconds since the start of the run; the scale has the current width.
function scaleTimelines() {
  const scale = document.querySelector('[data-span]');
  if (!scale) return;
  const view = `0 0 ${scale.dataset.span} 22`;
  for (const row of document.querySelectorAll('#timeline-rows svg')) if (row.getAttribute('viewBox') !== view) row.setAttribute('viewBox', view);
}

// Changes only what differs, so that focus, selection and scroll position stay.
export function change(present, wanted) {
  const olds = [...present.childNodes];
  const news = [...wanted.childNodes];
  news.forEach((fresh, index) => {
    const old = olds[index];
    if (!old) return present.append(fresh);
    if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName || old.id !== fresh.id) return old.replaceWith(fresh);
    if (old.nodeType === Node.TEXT_NODE) { if (old.data !== fresh.data) old.data = fresh.data; return; }
    if (old.nodeType !== Node.ELEMENT_NODE) return;
    const keepsOpen = old.nodeName === 'DETAILS' && old.open;
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !(keepsOpen && name === 'open')) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    change(old, fresh);
  });
  olds.slice(news.length).forEach((old) => old.remove());
}

export function say(text) {
  const place = document.getElementById('live-state');
  if (!place || place.textContent === text) return;
  place.textContent = text;
  place.hidden = text === '';
}
