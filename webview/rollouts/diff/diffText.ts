import { div, el, span } from '../../ui/dom';
import { linkButton } from '../../ui/iconButton';
import { counted } from '../words';
import type { DiffPart } from './textDiff';

/** Characters of what is the same that stand around a change; what is longer is folded. */
const around = 240;
/** Characters laid out of a text that only one side has; more are there on demand. */
const longest = 20_000;

/** The parts of a comparison as running text: `del` and `ins`, struck and underlined, long stretches folded. */
export function diffText(parts: readonly DiffPart[]): HTMLElement {
  const node = div('diff-text');
  parts.forEach(({ kind, text }, i) => {
    if (kind === 'same') node.append(...sameOf(text, i > 0, i < parts.length - 1));
    else {
      const tag = kind === 'removed' ? 'del' : 'ins';
      node.append(el(tag, { class: `diff-${kind}` }, ...folded(text, longest, 0)));
    }
  });
  return node;
}

/** Its end stands before a change, its beginning behind one. */
function sameOf(text: string, behind: boolean, before: boolean): (Node | string)[] {
  const head = behind ? around : 0;
  const tail = before ? around : 0;
  const kept = behind || before ? head + tail : around;
  return text.length <= kept + around ? [span('diff-same', text)] : folded(text, Math.max(head, kept - tail), tail);
}

/** The first `head` and the last `tail` characters, with a button between them that brings the rest. */
function folded(text: string, head: number, tail: number): (Node | string)[] {
  if (text.length <= head + tail) return [text];
  const rest = text.slice(head, text.length - tail);
  const more: HTMLElement = linkButton(
    `… ${counted(rest.length, 'character')} …`,
    () => more.replaceWith(rest),
    'Show',
  );
  return [text.slice(0, head), more, text.slice(text.length - tail)].filter((part) => part !== '');
}
