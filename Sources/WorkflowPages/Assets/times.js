// Times in the viewer's zone; UTC stays to be read on hover. What goes on is counted on, second by second.
const sameYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const otherYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

const two = (value) => String(value).padStart(2, '0');

// The same words as the server's.
export function span(milliseconds) {
  const seconds = Math.floor(Math.max(0, milliseconds) / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${two(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${two(minutes % 60)} m`;
  return `${Math.floor(hours / 24)} d ${two(hours % 24)} h`;
}

export function showTimes(root) {
  const year = new Date().getFullYear();
  for (const time of root.querySelectorAll('time[datetime]:not([data-day])')) {
    const date = new Date(time.dateTime);
    if (Number.isNaN(date.getTime())) continue;
    const text = (date.getFullYear() === year ? sameYear : otherYear).format(date);
    if (time.textContent !== text) time.textContent = text;
  }
  count(root);
}

function count(root) {
  for (const place of root.querySelectorAll('[data-since]')) {
    const text = span(Date.now() - Date.parse(place.dataset.since));
    if (place.textContent !== text) place.textContent = text;
  }
}

setInterval(() => count(document), 1000);
