// The pages work without scripts. Scripts add live updates, times in the viewer's zone, and dialogs.
import { showTimes } from './times.js';
import { countChosen, followPage } from './rows.js';
import { openDialogs } from './dialogs.js';
import { followLogs } from './logs.js';
import { completeSearches } from './search.js';
import { moveInCells } from './cells.js';
import { zoomGraphs } from './graph.js';
import { loadSections } from './sections.js';
import { offerCopies } from './copy.js';
import { linkLines } from './edit.js';
import { offerNotices } from './notices.js';
import { answerKeys } from './keys.js';
import { offerPalette } from './palette.js';

function enliven(root) {
  showTimes(root);
  completeSearches(root);
  zoomGraphs(root);
  offerCopies(root);
  linkLines(root);
  offerNotices(root);
  loadSections(root, enliven);
  const ends = [];
  for (const place of root.querySelectorAll('[data-live]')) ends.push(followPage(place));
  ends.push(followLogs(root));
  return () => ends.forEach((end) => end());
}

document.querySelector('.top nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
openDialogs(enliven);
moveInCells();
offerPalette();
answerKeys();
countChosen();
enliven(document);
