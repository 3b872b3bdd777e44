import { div } from '../../ui/dom';
import { markedText } from './markedText';
import type { TextMark } from './segments';

/** Characters in one block; blocks out of sight cost no layout. */
const blockLength = 8192;

interface Block {
  readonly node: HTMLElement;
  readonly from: number;
  readonly to: number;
}

/**
 * A long text in blocks. Its own marks are made at once, since the text lights up with the picture; further ones, such as
 * a colour for every token, only for the blocks that come into sight.
 */
export class TextBlocks {
  private blocks: readonly Block[] = [];
  private text = '';
  private marks: readonly TextMark[] = [];
  private more: readonly TextMark[] = [];
  private readonly observer: IntersectionObserver;

  constructor(root: HTMLElement) {
    this.observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) if (entry.isIntersecting) this.fillFurther(entry.target);
      },
      { root, rootMargin: '600px' },
    );
  }

  clear(): void {
    this.observer.disconnect();
    this.blocks = [];
    this.more = [];
  }

  build(text: string, marks: readonly TextMark[]): HTMLElement {
    this.clear();
    this.text = text;
    this.marks = marks;
    const blocks: Block[] = [];
    for (let from = 0; from < text.length; ) {
      const to = blockEnd(text, from);
      blocks.push({ node: div('raw-block'), from, to });
      from = to;
    }
    this.blocks = blocks;
    for (const block of blocks) this.fill(block, marks);
    return div('raw-text', ...blocks.map(({ node }) => node));
  }

  /** Replaces the marks that only blocks in sight have. */
  extra(more: readonly TextMark[]): void {
    const had = this.more.length > 0;
    this.more = more;
    this.observer.disconnect();
    if (had) for (const block of this.blocks) this.fill(block, this.marks);
    if (more.length > 0) for (const { node } of this.blocks) this.observer.observe(node);
  }

  private fillFurther(node: Element): void {
    const block = this.blocks.find((one) => one.node === node);
    if (block === undefined) return;
    this.observer.unobserve(node);
    this.fill(block, [...this.marks, ...this.more]);
  }

  private fill({ node, from, to }: Block, marks: readonly TextMark[]): void {
    node.replaceChildren(markedText(this.text, from, to, marks));
  }
}

/** Blocks end at a line's end where one is near, so that wrapping does not change where they meet. */
function blockEnd(text: string, from: number): number {
  const at = from + blockLength;
  if (at >= text.length) return text.length;
  const line = text.indexOf('\n', at);
  return line >= 0 && line < at + blockLength ? line + 1 : at;
}
