// The arrow keys move from cell to cell in a table of links, and from bar to bar in a chart, which is one stop of the Tab key.
const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

export function moveInCells() {
  document.addEventListener('keydown', (event) => {
    const bar = event.target.closest?.('.bars > a');
    if (bar && !event.ctrlKey && !event.metaKey && !event.altKey) moveInBars(bar, event);
    const step = steps[event.key];
    const cell = event.target.closest?.('[data-cells] :is(td, th)');
    if (!step || !cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = [...cell.closest('table').rows];
    let [row, column] = [rows.indexOf(cell.parentElement), cell.cellIndex];
    // Headings of groups and cells without a task are passed over.
    for (;;) {
      row += step[0];
      column += step[1];
      const next = rows[row]?.cells;
      if (!next || column < 0 || (step[1] && column >= next.length)) return;
      const link = next[column]?.querySelector('a');
      if (!link) continue;
      event.preventDefault();
      link.focus();
      return;
    }
  });
}

function moveInBars(bar, event) {
  const bars = [...bar.parentElement.querySelectorAll(':scope > a')];
  const here = bars.indexOf(bar);
  const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: bars.length - 1 }[event.key];
  if (to === undefined || !bars[to]) return;
  event.preventDefault();
  bar.setAttribute('tabindex', '-1');
  bars[to].removeAttribute('tabindex');
  bars[to].focus();
}
