// Buttons that copy a command. Without scripts they are hidden: a click selects the command.
export function offerCopies(root) {
  for (const button of root.querySelectorAll('[data-copy]')) {
    button.hidden = !navigator.clipboard;
    button.addEventListener('click', async () => {
      const text = button.previousElementSibling.textContent;
      try { await navigator.clipboard.writeText(text); button.textContent = 'Copied'; } catch { button.textContent = 'Not possible'; }
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    });
  }
}
