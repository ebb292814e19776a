// The palette over every page. Without scripts, its link leads to a page with the same content.
const patience = 80;
let palette = null;

export function offerPalette() {
  addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    const link = document.querySelector('[data-palette]');
    if (!link) return;
    event.preventDefault();
    if (!palette?.open) open(link.href);
  });
  document.addEventListener('click', (event) => {
    const link = event.target.closest('[data-palette]');
    if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    open(link.href);
  });
}

async function page(address) {
  const answer = await fetch(address, { headers: { Accept: 'text/html' } });
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
  return new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('.palette');
}

async function open(address) {
  let content;
  try { content = await page(address); } catch { location.assign(address); return; }
  if (!palette) {
    palette = document.createElement('dialog');
    palette.className = 'narrow';
    palette.setAttribute('aria-label', 'Jump to');
    palette.addEventListener('click', (event) => { if (event.target === palette || event.target.closest('a')) palette.close(); });
    document.body.append(palette);
  }
  palette.replaceChildren(document.adoptNode(content));
  if (!palette.open) palette.showModal();
  listen(palette.querySelector('input[name=q]'), palette.querySelector('.found-entries'));
}

function listen(field, list) {
  let timer = 0;
  let asked = 0;
  let shown = 0;
  // Enter, pressed before the answer came.
  let wantsFirst = false;
  let chosen = 0;
  const entries = () => [...list.querySelectorAll('a[id]')];

  function choose(index) {
    const all = entries();
    chosen = all.length ? (index + all.length) % all.length : 0;
    all.forEach((entry, place) => entry.setAttribute('aria-selected', String(place === chosen)));
    all[chosen]?.scrollIntoView({ block: 'nearest' });
    if (all.length) field.setAttribute('aria-activedescendant', all[chosen].id); else field.removeAttribute('aria-activedescendant');
  }

  function prepare() {
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', 'Found');
    for (const entry of entries()) { entry.setAttribute('role', 'option'); entry.tabIndex = -1; }
    for (const heading of list.querySelectorAll('[role=group] > p')) heading.setAttribute('role', 'presentation');
    choose(0);
    if (wantsFirst && shown === asked) entries()[0]?.click();
  }

  async function ask() {
    const number = asked;
    try {
      const content = await page(`${field.form.action}?q=${encodeURIComponent(field.value)}`);
      if (number !== asked) return;
      shown = number;
      list.replaceChildren(...document.adoptNode(content).querySelector('.found-entries').childNodes);
      prepare();
    } catch { location.assign(`${field.form.action}?q=${encodeURIComponent(field.value)}`); }
  }

  for (const [name, value] of [['role', 'combobox'], ['aria-controls', list.id], ['aria-expanded', 'true'], ['aria-autocomplete', 'list']]) field.setAttribute(name, value);
  field.addEventListener('input', () => { asked += 1; wantsFirst = false; clearTimeout(timer); timer = setTimeout(ask, patience); });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    choose(chosen + (event.key === 'ArrowDown' ? 1 : -1));
  });
  field.form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (shown === asked) entries()[chosen]?.click(); else wantsFirst = true;
  });
  prepare();
  field.focus();
  field.select();
}
