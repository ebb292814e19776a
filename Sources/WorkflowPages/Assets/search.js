// Completes keys and values of the search box, and opens the filters where there is space beside the list. Without scripts the box is a plain
// field, and the filters are opened by hand.
const patience = 120;

export function completeSearches(root) {
  for (const field of root.querySelectorAll('[data-completions]')) complete(field);
  const isWide = matchMedia('(min-width: 961px)');
  for (const fold of root.querySelectorAll('.panel-fold')) {
    fold.open = isWide.matches;
    isWide.addEventListener('change', () => { fold.open = isWide.matches; });
  }
}

// A menu closes when something else is chosen.
function closeMenus(except) {
  for (const menu of document.querySelectorAll('.menu[open]')) if (!menu.contains(except)) menu.open = false;
}
document.addEventListener('click', (event) => closeMenus(event.target));
document.addEventListener('keydown', (event) => { if (event.key === 'Escape') closeMenus(null); });

function complete(field) {
  const list = document.createElement('ul');
  list.id = `${field.id}-completions`;
  list.className = 'completions';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Completions');
  list.hidden = true;
  field.after(list);
  for (const [name, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-controls', list.id], ['aria-expanded', 'false']]) field.setAttribute(name, value);
  let found = [];
  let chosen = -1;
  let timer = 0;
  let asked = 0;

  function close() {
    clearTimeout(timer);
    asked += 1;
    chosen = -1;
    list.hidden = true;
    field.setAttribute('aria-expanded', 'false');
    field.removeAttribute('aria-activedescendant');
  }

  async function ask() {
    const number = asked += 1;
    const place = `${field.dataset.completions}?q=${encodeURIComponent(field.value)}&cursor=${field.selectionStart}`;
    try {
      const answer = await fetch(place, { headers: { Accept: 'application/json' } });
      if (!answer.ok || answer.redirected || number !== asked) return;
      found = await answer.json();
    } catch { return; }
    if (number === asked && document.activeElement === field) show();
  }

  function show() {
    chosen = -1;
    list.replaceChildren(...found.map((each, index) => {
      const item = document.createElement('li');
      item.id = `${list.id}-${index}`;
      item.setAttribute('role', 'option');
      item.setAttribute('aria-selected', 'false');
      const text = document.createElement('code');
      text.textContent = each.text;
      item.append(text);
      if (each.summary) { const summary = document.createElement('span'); summary.textContent = each.summary; item.append(summary); }
      // The press must not take the focus from the field.
      item.addEventListener('mousedown', (event) => { event.preventDefault(); take(index); });
      return item;
    }));
    list.hidden = found.length === 0;
    field.setAttribute('aria-expanded', String(!list.hidden));
    field.removeAttribute('aria-activedescendant');
  }

  function choose(index) {
    list.children[chosen]?.setAttribute('aria-selected', 'false');
    chosen = index;
    const item = list.children[chosen];
    if (!item) { field.removeAttribute('aria-activedescendant'); return; }
    item.setAttribute('aria-selected', 'true');
    item.scrollIntoView({ block: 'nearest' });
    field.setAttribute('aria-activedescendant', item.id);
  }

  // After a key come its values; after a value, the next term.
  function take(index) {
    const { text, from, to } = found[index];
    const rest = field.value.slice(to);
    const end = text.endsWith(':') || rest.startsWith(' ') ? '' : ' ';
    field.value = field.value.slice(0, from) + text + end + rest;
    field.setSelectionRange(from + text.length + end.length, from + text.length + end.length);
    close();
    if (text.endsWith(':')) ask();
  }

  const askSoon = () => { clearTimeout(timer); timer = setTimeout(ask, patience); };
  field.addEventListener('input', askSoon);
  field.addEventListener('focus', () => { if (field.value === '') askSoon(); });
  field.addEventListener('blur', close);
  field.addEventListener('keydown', (event) => {
    const isOpen = !list.hidden;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!isOpen) { ask(); return; }
      const step = event.key === 'ArrowDown' ? 1 : -1;
      // One place, -1, is the field itself.
      choose((chosen + 1 + step + found.length + 1) % (found.length + 1) - 1);
    } else if (event.key === 'Escape' && isOpen) {
      event.preventDefault();
      close();
    } else if ((event.key === 'Enter' || event.key === 'Tab') && isOpen && chosen >= 0) {
      event.preventDefault();
      take(chosen);
    }
  });
}
