// Shows all times of a page in one zone, which the page names: the viewer's, UTC or the workflow's. The title keeps UTC. Durations that have
// not ended count every second.
const wanted = document.documentElement.dataset.times;
const timeZone = isKnown(wanted) ? wanted : undefined;

function isKnown(name) {
  try { return Boolean(name && new Intl.DateTimeFormat(undefined, { timeZone: name })); } catch { return false; }
}

const format = (options) => new Intl.DateTimeFormat(undefined, { timeZone, hourCycle: 'h23', day: 'numeric', month: 'short', ...options });
const sameYear = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const otherYear = format({ year: 'numeric', hour: '2-digit', minute: '2-digit' });
const otherYearDay = format({ year: 'numeric' });
const axisDay = format({});
const axisTime = format({ hour: '2-digit', minute: '2-digit' });
const parts = timeZone && new Intl.DateTimeFormat('en-GB', {
  timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });

const two = (value) => String(value).padStart(2, '0');

// The same format as the server's.
export function span(milliseconds) {
  const seconds = Math.floor(Math.max(0, milliseconds) / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${two(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${two(minutes % 60)} m`;
  return `${Math.floor(hours / 24)} d ${two(hours % 24)} h`;
}

// How far the clocks of the zone are ahead of UTC, in milliseconds.
function ahead(date) {
  if (!parts) return -date.getTimezoneOffset() * 60000;
  const part = Object.fromEntries(parts.formatToParts(date).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - Math.floor(date.getTime() / 1000) * 1000;
}

// A date whose UTC parts are those of the zone's clocks.
const wall = (date) => new Date(date.getTime() + ahead(date));
const isThisYear = (date) => wall(date).getUTCFullYear() === wall(new Date()).getUTCFullYear();

function axis(date) {
  if (!isThisYear(date)) return otherYear.format(date);
  const clock = wall(date);
  return (clock.getUTCHours() + clock.getUTCMinutes() === 0 ? axisDay : axisTime).format(date);
}

const local = (date) => (isThisYear(date) ? sameYear : otherYear).format(date);

// How long ago, in one unit; older times are dates.
function ago(date) {
  const seconds = Math.floor((Date.now() - date.getTime()) / 1000);
  if (seconds < -60) return `in ${span(-seconds * 1000)}`;
  // A few seconds are a difference of clocks.
  if (seconds < -5) return 'in less than a minute';
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 7 * 86400) return `${Math.floor(seconds / 86400)} d ago`;
  return (isThisYear(date) ? axisTime : otherYearDay).format(date);
}

// The zone's name and its current offset.
function zone() {
  const name = timeZone ?? (Intl.DateTimeFormat().resolvedOptions().timeZone || 'local time');
  const minutes = Math.round(ahead(new Date()) / 60000);
  if (minutes === 0 && /^(UTC|Etc\/UTC|GMT)$/.test(name)) return 'UTC';
  const size = Math.abs(minutes);
  return `${name} (UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)})`;
}

export function showTimes(root) {
  for (const time of root.querySelectorAll('time[datetime]')) {
    const date = new Date(time.dateTime);
    if (Number.isNaN(date.getTime())) continue;
    if (!time.title) time.title = time.textContent;
    if ('ago' in time.dataset) time.title = `${local(date)}, ${time.title.split(', ').slice(-2).join(', ')}`;
    const text = 'clock' in time.dataset ? `${wall(date).toISOString().slice(11, 23)} ` : 'ago' in time.dataset ? ago(date) : 'axis' in time.dataset ? axis(date) : local(date);
    if (time.textContent !== text) time.textContent = text;
  }
  for (const place of root.querySelectorAll('[data-zone]')) place.textContent = zone();
  for (const place of root.querySelectorAll('[data-at]')) {
    const title = place.querySelector('title');
    const text = `${local(new Date(place.dataset.at))}: ${(title?.textContent ?? place.title).split(' UTC: ').pop()}`;
    place.setAttribute('aria-label', text);
    if (title) title.textContent = text; else place.title = text;
  }
  for (const field of root.querySelectorAll('input[type=datetime-local]')) showField(field);
  count(root);
}

// Fields are sent in UTC in both directions and show the zone of the page.
function showField(field) {
  const date = new Date(field.value + 'Z');
  if (field.value && !Number.isNaN(date.getTime())) {
    const shown = wall(date).toISOString().slice(0, 19);
    field.value = shown;
    field.defaultValue = shown;
  }
  if (!field.form || field.form.dataset.zoned) return;
  field.form.dataset.zoned = 'yes';
  field.form.addEventListener('formdata', (event) => {
    for (const each of event.target.querySelectorAll('input[type=datetime-local]')) {
      const clock = new Date(each.value + 'Z').getTime();
      if (Number.isNaN(clock)) continue;
      const near = new Date(clock - ahead(new Date(clock)));
      event.formData.set(each.name, new Date(clock - ahead(near)).toISOString());
    }
  });
}

function count(root) {
  for (const place of root.querySelectorAll('[data-since]')) {
    const text = span(Date.now() - Date.parse(place.dataset.since));
    if (place.textContent !== text) place.textContent = text;
  }
}

setInterval(() => count(document), 1000);
setInterval(() => {
  for (const time of document.querySelectorAll('time[data-ago]')) time.textContent = ago(new Date(time.dateTime));
}, 30000);
