/** Gives the keyboard to an element when the page has it and nothing in it does: now, and each time it comes back. */
export function keepFocus(focus: () => void): void {
  const take = () => {
    if (document.activeElement === document.body) focus();
  };
  // At once: a moment later the keyboard may be with a question that VS Code asks on top of the editor.
  window.addEventListener('focus', take);
  if (document.hasFocus()) take();
}
