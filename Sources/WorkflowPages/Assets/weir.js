// The pages work without scripts. Scripts add live updates, times in the viewer's zone, and dialogs.
import { showTimes } from './times.js';
import { follow } from './live.js';
import { openDialogs } from './dialogs.js';
import { followLogs } from './logs.js';
import { completeSearches } from './search.js';

function enliven(root) {
  showTimes(root);
  completeSearches(root);
  const ends = [];
  for (const place of root.querySelectorAll('[data-live]')) ends.push(follow(place.dataset.live));
  ends.push(followLogs(root));
  return () => ends.forEach((end) => end());
}

openDialogs(enliven);
enliven(document);
