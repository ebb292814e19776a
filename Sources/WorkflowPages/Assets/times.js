// Shows all times in the viewer's zone, which the page names. The title keeps UTC. Durations that have not ended count every second.
const sameYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const otherYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

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

const axisDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const axisTime = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

function axis(date) {
  const isOld = date.getFullYear() !== new Date().getFullYear();
  if (isOld) return otherYear.format(date);
  return (date.getHours() + date.getMinutes() === 0 ? axisDay : axisTime).format(date);
}

function local(date) {
  return (date.getFullYear() === new Date().getFullYear() ? sameYear : otherYear).format(date);
}

// The zone's name and its current offset.
function zone() {
  const name = Intl.DateTimeFormat().resolvedOptions().timeZone || 'local time';
  const minutes = -new Date().getTimezoneOffset();
  if (minutes === 0 && /^(UTC|Etc\/UTC|GMT)$/.test(name)) return 'UTC';
  const size = Math.abs(minutes);
  return `${name} (UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)})`;
}

export function showTimes(root) {
  for (const time of root.querySelectorAll('time[datetime]')) {
    const date = new Date(time.dateTime);
    if (Number.isNaN(date.getTime())) continue;
    const text = 'axis' in time.dataset ? axis(date) : local(date);
    if (!time.title) time.title = time.textContent;
    if (time.textContent !== text) time.textContent = text;
  }
  for (const place of root.querySelectorAll('[data-zone]')) place.textContent = zone();
  for (const place of root.querySelectorAll('[data-at]')) {
    const title = place.querySelector('title');
    const text = `${local(new Date(place.dataset.at))}: ${(title?.textContent ?? '').split(' UTC: ').pop()}`;
    place.setAttribute('aria-label', text);
    if (title) title.textContent = text;
  }
  for (const field of root.querySelectorAll('input[type=datetime-local]')) showField(field);
  count(root);
}

// Fields are sent in UTC in both directions and show the zone of the page.
function showField(field) {
  const date = new Date(field.value + 'Z');
  if (field.value && !Number.isNaN(date.getTime())) {
    const shown = new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 19);
    field.value = shown;
    field.defaultValue = shown;
  }
  if (!field.form || field.form.dataset.zoned) return;
  field.form.dataset.zoned = 'yes';
  field.form.addEventListener('formdata', (event) => {
    for (const each of event.target.querySelectorAll('input[type=datetime-local]')) {
      const meant = new Date(each.value);
      if (each.value && !Number.isNaN(meant.getTime())) event.formData.set(each.name, meant.toISOString());
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
