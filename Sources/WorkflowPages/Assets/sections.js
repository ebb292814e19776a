// Sections that are loaded when they are opened. Without scripts, each has a link to a page with the same content.
export function loadSections(root, enliven) {
  for (const section of root.querySelectorAll('details[data-load]')) {
    section.addEventListener('toggle', () => { if (section.open) load(section, enliven); });
    if (section.open) load(section, enliven);
  }
}

async function load(section, enliven) {
  const address = section.dataset.load;
  if (!address) return;
  section.dataset.load = '';
  try {
    const answer = await fetch(address, { headers: { Accept: 'text/html' } });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const parts = [...page.querySelectorAll(section.dataset.part)].map((part) => document.adoptNode(part));
    if (!parts.length) throw new Error('empty');
    // Ids are those of rows that the page may show already, and live updates look for them.
    for (const part of parts) for (const each of [part, ...part.querySelectorAll('[id]')]) each.removeAttribute('id');
    section.querySelector('.section-link').hidden = parts.length > 0 && !('more' in section.dataset);
    section.append(...parts);
    enliven(section);
  } catch { section.dataset.load = address; location.assign(address); }
}
