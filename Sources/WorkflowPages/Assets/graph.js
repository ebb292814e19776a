// Zooms graphs, moves between their nodes with the arrow keys, and shows new states. Panning is the scrolling of the frame.
const least = 0.25;
const most = 3;

export function zoomGraphs(root) {
  for (const frame of root.querySelectorAll('[data-graph]')) if (!frame.dataset.ready) prepare(frame);
}

function prepare(frame) {
  frame.dataset.ready = 'yes';
  const drawing = frame.querySelector('svg');
  const [width, height] = [drawing.viewBox.baseVal.width, drawing.viewBox.baseVal.height];
  let scale = 1;

  // The middle of the frame stays where it is.
  function zoom(wanted) {
    const next = Math.min(most, Math.max(least, wanted));
    const middle = [(frame.scrollLeft + frame.clientWidth / 2) / scale, (frame.scrollTop + frame.clientHeight / 2) / scale];
    scale = next;
    drawing.setAttribute('width', Math.round(width * scale));
    drawing.setAttribute('height', Math.round(height * scale));
    frame.scrollTo(middle[0] * scale - frame.clientWidth / 2, middle[1] * scale - frame.clientHeight / 2);
  }
  const style = getComputedStyle(frame);
  const room = () => frame.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  // On a page of its own a small graph grows.
  const largest = frame.closest('.alone') ? 1.6 : 1;
  const fit = () => zoom(Math.min(largest, room() / width, Math.max(frame.clientHeight, innerHeight * .6) / height));

  const tools = document.createElement('div');
  tools.className = 'buttons graph-tools';
  for (const [text, label, act] of [['+', 'Zoom in', () => zoom(scale * 1.25)], ['−', 'Zoom out', () => zoom(scale / 1.25)], ['Fit', 'Show the whole graph', fit]]) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'small';
    button.textContent = text;
    button.setAttribute('aria-label', label);
    button.addEventListener('click', act);
    tools.append(button);
  }
  const head = frame.closest('.panel')?.querySelector('.panel-head');
  if (head) head.append(tools); else frame.before(tools);

  frame.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const node = event.target.closest('a');
    if (event.key === '+' || event.key === '=') zoom(scale * 1.25);
    else if (event.key === '-' || event.key === '−') zoom(scale / 1.25);
    else if (event.key === '0') fit();
    else if (node && event.key.startsWith('Arrow')) nearest(node, event.key, drawing)?.focus();
    else return;
    event.preventDefault();
  });

  let from = null;
  frame.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'mouse' && event.button === 0 && !event.target.closest('a')) from = [event.clientX + frame.scrollLeft, event.clientY + frame.scrollTop];
  });
  addEventListener('pointermove', (event) => { if (from) frame.scrollTo(from[0] - event.clientX, from[1] - event.clientY); });
  addEventListener('pointerup', () => { from = null; });
  if (largest > 1 ? room() / width > .6 : width > room() && room() / width > .6) fit();
}

// The closest node in a direction. A node straight ahead counts as closer than one aside.
function nearest(node, key, drawing) {
  const middle = (each) => { const box = each.getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2]; };
  const [x, y] = middle(node);
  const along = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  let best = null;
  for (const each of drawing.querySelectorAll('a')) {
    const [dx, dy] = [middle(each)[0] - x, middle(each)[1] - y];
    const ahead = dx * along[0] + dy * along[1];
    const aside = Math.abs(dx * along[1]) + Math.abs(dy * along[0]);
    if (each === node || ahead < 4 || (along[1] && aside > 60)) continue;
    if (!best || ahead + 2 * aside < best.far) best = { each, far: ahead + 2 * aside };
  }
  return best?.each;
}

// Live updates send the states of all nodes in their order, not the drawing.
export function colourGraph() {
  const states = document.querySelector('[data-states]')?.dataset.states.split('|');
  const nodes = document.querySelectorAll('#graph svg > a');
  if (!states || states.length !== nodes.length) return;
  nodes.forEach((node, index) => {
    const [tone, icon, label] = states[index].split(':');
    const name = `n-${tone}`;
    if (node.getAttribute('class') === name) return;
    node.setAttribute('class', name);
    node.querySelector('use').setAttribute('href', `#i-${icon}`);
    const title = node.querySelector('title');
    title.textContent = `${title.textContent.slice(0, title.textContent.lastIndexOf(': '))}: ${label}`;
  });
}
