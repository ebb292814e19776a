// Adds new runs to the top of a list while the reader is there and works on nothing. Otherwise the link to them stays.
import { change, follow } from './live.js';
import { showTimes } from './times.js';

const pause = 5000;

// Says how many runs are chosen for a bulk operation. The stylesheet shows what can be done with them.
export function countChosen() {
  const count = () => {
    const place = document.querySelector('#bulk .chosen');
    if (!place) return;
    const number = document.querySelectorAll('.runs input:checked').length;
    place.textContent = document.querySelector('#bulk input:checked') ? 'All selected' : number ? `${number} selected` : '';
  };
  document.addEventListener('change', count);
  // After the fields are empty.
  document.addEventListener('reset', () => setTimeout(count));
  addEventListener('pageshow', count);
}

// Returns a function that ends the updates.
export function followPage(place) {
  let end = () => {};
  let timer = 0;
  let isBusy = false;

  const begin = () => { end = follow(place.dataset.live, add); };

  async function add() {
    const link = document.querySelector('main #newer a');
    if (!link || isBusy || timer || place.parentElement !== document.querySelector('main') || !isCalm()) return;
    isBusy = true;
    try {
      const answer = await fetch(link.href);
      if (!answer.ok || answer.redirected || !isCalm()) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (!showRows(page, place)) return;
      end();
      begin();
      timer = setTimeout(() => { timer = 0; add(); }, pause);
    } catch { /* The link stays. */ } finally { isBusy = false; }
  }

  begin();
  return () => { clearTimeout(timer); end(); };
}

function isCalm() {
  return scrollY < 100 && !document.hidden && !document.querySelector('dialog[open], .found input:checked, .runs :focus, .menu[open]')
    && (getSelection()?.isCollapsed ?? true);
}

// Returns false for a page of another kind.
function showRows(page, place) {
  const wanted = page.querySelector('main > [data-live]');
  const [list, fresh] = [document, page].map((each) => each.querySelector('main .found'));
  if (!wanted || !list || !fresh) return false;
  showTimes(fresh);
  const [present, rows] = [list, fresh].map((each) => each.querySelector('.runs tbody'));
  if (present && rows) {
    const known = new Map([...present.children].map((row) => [row.id, row]));
    present.replaceChildren(...[...rows.children].map((row) => {
      const same = known.get(row.id);
      if (same) change(same, row);
      else row.classList.add('new');
      return same ?? row;
    }));
    for (const part of ['.pager', '#newer', '#bulk']) {
      const [old, other] = [list, fresh].map((each) => each.querySelector(part));
      if (old && other) change(old, other);
    }
  } else {
    change(list, fresh);
  }
  place.dataset.live = wanted.dataset.live;
  return true;
}
