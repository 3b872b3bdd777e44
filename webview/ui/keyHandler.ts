/** F1 and its like belong to VS Code wherever the focus is. */
const functionKey = /^F\d+$/;
const undoKeys: ReadonlySet<string> = new Set(['z', 'y']);
/** Save, and what goes on to another rollout. */
const flushKeys: ReadonlySet<string> = new Set(['s', 'enter']);

/**
 * Listens for the editor's keys on the whole document. What is typed into a field stays there, and neither it nor a key
 * that was handled reaches VS Code's own handler further out. Tab is never touched. `press` answers false for a key that
 * is not the editor's.
 */
export function handleKeys(press: (event: KeyboardEvent) => boolean): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (typesText(event.composedPath())) {
      const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
      if (plain && event.key === 'Escape') (document.activeElement as HTMLElement | null)?.blur();
      // Taking back what was typed is the field's; what a save is to hold, or belongs to this rollout, must have left it.
      if (!plain && undoKeys.has(event.key.toLowerCase())) event.stopPropagation();
      if (!plain && flushKeys.has(event.key.toLowerCase())) (document.activeElement as HTMLElement | null)?.blur();
      if (plain && event.key !== 'Tab' && !functionKey.test(event.key)) event.stopPropagation();
      return;
    }
    if (!press(event)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

function typesText(path: readonly EventTarget[]): boolean {
  return path.some(
    (node) =>
      node instanceof HTMLElement &&
      (node.matches(
        'input, textarea, select, [role=combobox], [role=listbox]:not([aria-multiselectable]), vscode-dropdown',
      ) ||
        node.isContentEditable),
  );
}
