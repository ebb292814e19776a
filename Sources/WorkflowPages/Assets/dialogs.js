// Opens dialog pages as dialogs, at their own addresses: back closes the dialog, reload shows the page.
let dialog = null;
let quiet = () => {};
let home = '';
let homeTitle = '';
// The dialog on the screen.
let shown = here();

function here() { return location.pathname + location.search; }

export function openDialogs(enliven) {
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (dialog?.open && event.target.closest('[data-close], .dialog-close')) { event.preventDefault(); history.back(); return; }
    const link = event.target.closest('a[href]');
    if (!link) return;
    const isInside = dialog?.contains(link);
    // The property is not a text in a drawing.
    const address = new URL(link.getAttribute('href'), location.href);
    if (!link.hasAttribute('data-dialog') && !isInside) return;
    if (isInside && (link.hasAttribute('download') || !address.pathname.includes('/tasks/'))) return;
    event.preventDefault();
    open(address.href, enliven, isInside);
  });
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!dialog?.contains(form) || form.method !== 'get' || 'plain' in form.dataset) return;
    event.preventDefault();
    const address = new URL(form.action);
    address.search = new URLSearchParams(new FormData(form));
    open(address.href, enliven, true);
  });
  addEventListener('popstate', () => {
    if (here() === shown) return;
    if (dialog?.open && here() === home) close(); else location.reload();
  });
}

async function open(address, enliven, isInside) {
  let page;
  try {
    const answer = await fetch(address, { headers: { Accept: 'text/html' } });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  } catch {
    location.assign(address);
    return;
  }
  const content = page.querySelector('[data-dialog-content]');
  if (!content) { location.assign(address); return; }
  if (!dialog) {
    dialog = document.createElement('dialog');
    // Escape goes back too, so that the address matches the screen.
    dialog.addEventListener('cancel', (event) => { event.preventDefault(); history.back(); });
    dialog.addEventListener('click', (event) => { if (event.target === dialog) history.back(); });
    document.body.append(dialog);
  }
  if (!isInside) { home = here(); homeTitle = document.title; }
  quiet();
  const button = document.createElement('button');
  button.className = 'dialog-close small';
  button.textContent = 'Close';
  const live = page.querySelector('[data-live]');
  const parts = [button, document.adoptNode(content)];
  if (live) parts.push(document.adoptNode(live));
  dialog.replaceChildren(...parts);
  dialog.className = content.classList.contains('dialog-page') ? 'narrow' : '';
  const heading = content.querySelector('h1');
  if (heading) { heading.id = 'dialog-title'; dialog.setAttribute('aria-labelledby', 'dialog-title'); }
  document.title = page.title;
  if (isInside) history.replaceState(null, '', address); else history.pushState(null, '', address);
  shown = here();
  if (!dialog.open) dialog.showModal();
  // A form begins with its first field, not with Close.
  const first = (selector) => content.querySelector(selector);
  if (dialog.className) (first('[autofocus], input:checked') ?? first('.stack :is(input:not([type=hidden]), select, textarea), .primary'))?.focus();
  quiet = enliven(dialog);
  const place = new URL(address).hash;
  if (place) dialog.querySelector(place)?.scrollIntoView({ block: 'nearest' });
}

function close() {
  quiet();
  quiet = () => {};
  dialog.close();
  dialog.replaceChildren();
  document.title = homeTitle;
  shown = here();
}
