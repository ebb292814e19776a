// The pages work without any of this. With it they keep up with what happens, show times in the viewer's zone, and open as dialogs.
import { showTimes } from './times.js';
import { follow } from './live.js';
import { openDialogs } from './dialogs.js';
import { followLogs } from './logs.js';

function enliven(root) {
  showTimes(root);
  const ends = [];
  for (const place of root.querySelectorAll('[data-live]')) ends.push(follow(place.dataset.live));
  ends.push(followLogs(root));
  return () => ends.forEach((end) => end());
}

openDialogs(enliven);
enliven(document);
