import { span } from '../../ui/dom';
import { type Segment, segments, type TextMark } from './segments';

/** Text with its marks as elements; what belongs to a region carries `data-mark` and lights up with it. */
export function markedText(text: string, from: number, to: number, marks: readonly TextMark[]): DocumentFragment {
  const fragment = document.createDocumentFragment();
  for (const segment of segments(text, from, to, marks)) fragment.append(segmentNode(segment));
  return fragment;
}

function segmentNode({ text, marks }: Segment): Node {
  if (marks.length === 0) return document.createTextNode(text);
  const node = span('marked', text);
  for (const mark of marks) {
    node.classList.add(`marked-${mark.kind}`);
    if (mark.id !== null) node.dataset.mark = mark.id;
    if (mark.step !== undefined) node.dataset.heat = String(mark.step);
  }
  node.title = marks.map((mark) => (mark.kind === 'repair' ? `Repaired: ${mark.title}` : mark.title)).join('\n');
  return node;
}
