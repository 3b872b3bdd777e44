import { findKey, type KeyAction, type KeyFocus, pressedName } from './keys';

/** F1 and its like belong to VS Code wherever the focus is. */
const functionKey = /^F\d+$/;
const undoKeys: ReadonlySet<string> = new Set(['z', 'y']);
/** Save, and what goes on to another rollout. */
const flushKeys: ReadonlySet<string> = new Set(['s', 'enter']);

/** Runs an action; false leaves the key to the browser. `key` names what was pressed as the table does. */
export type Perform = (action: KeyAction, key: string) => boolean;

/**
 * Listens for the editor's keys on the whole document. What is typed into a field stays there, and neither it nor a key
 * that was handled reaches VS Code's own handler further out. Tab is never touched.
 */
export function handleKeys(focusNow: () => KeyFocus, perform: Perform): void {
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
    const back = takesBack(event);
    if (back !== null && perform(back, '')) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const row = findKey(event, focusNow());
    if (row === null || !perform(row.action, pressedName(event))) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/** Undo and redo belong to VS Code's document, but for clicks of a mask in hand: those are in no document yet. */
function takesBack({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): KeyAction | null {
  if (!(ctrlKey || metaKey) || altKey || !undoKeys.has(key.toLowerCase())) return null;
  return key.toLowerCase() === 'y' || shiftKey ? 'redoClick' : 'undoClick';
}

function typesText(path: readonly EventTarget[]): boolean {
  return path.some(
    (node) =>
      node instanceof HTMLElement &&
      (node.matches('input, textarea, select, [role=combobox], [role=listbox], vscode-dropdown') ||
        node.isContentEditable),
  );
}
