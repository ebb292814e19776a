// Single keys: the elements that answer to one say so in aria-keyshortcuts. No key answers while a text is typed, or with a modifier.
const typing = 'select, textarea, input:not([type=checkbox], [type=radio])';

export function answerKeys() {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(typing)) return;
    // Behind a dialog nothing answers.
    const place = document.querySelector('dialog[open]') ?? document;
    if (event.key === 'j' || event.key === 'k') { step(place, event.key === 'j' ? 1 : -1); return; }
    if (event.key === 'x') { document.activeElement.closest('tr')?.querySelector('input[type=checkbox]')?.click(); return; }
    const found = [...place.querySelectorAll('[aria-keyshortcuts]')].find((each) => each.getAttribute('aria-keyshortcuts') === event.key);
    if (!found) return;
    event.preventDefault();
    if (found.matches('input')) { found.focus(); found.select(); } else found.click();
  });
}

// The focus moves from row to row, so that Enter opens the row.
function step(place, by) {
  const rows = [...place.querySelectorAll('.list tbody tr')].filter((row) => row.querySelector('.name a') && row.offsetParent);
  if (!rows.length) return;
  const here = rows.indexOf(document.activeElement.closest('tr'));
  const row = rows[here < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, here + by))];
  row.querySelector('.name a').focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
}
