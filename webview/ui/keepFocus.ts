/** Milliseconds after which a page that got the keyboard is taken to keep it. */
const settled = 60;

/**
 * Gives the keyboard to an element when the page has it and nothing in it does. VS Code hands it to the page between two
 * questions that it asks on top of the editor: who took it at once would take it away from the second question.
 */
export function keepFocus(focus: () => void): void {
  const take = () => {
    if (document.hasFocus() && document.activeElement === document.body) focus();
  };
  window.addEventListener('focus', () => setTimeout(take, settled));
  take();
}
