// The form of a definition: the line of a problem is selected in the text.
export function linkLines(root) {
  for (const link of root.querySelectorAll('[data-line]')) {
    link.addEventListener('click', (event) => {
      const text = document.getElementById('text');
      const lines = text.value.split('\n');
      const line = Number(link.dataset.line) - 1;
      const start = lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0);
      event.preventDefault();
      text.focus();
      text.setSelectionRange(start, start + lines[line].length);
      text.scrollTop = (text.scrollHeight / lines.length) * line - text.clientHeight / 2;
    });
  }
}
