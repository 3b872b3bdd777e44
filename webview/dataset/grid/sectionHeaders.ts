import { count, counted } from '../../rollouts/words';
import { div, fill, setText, span } from '../../ui/dom';
import type { VirtualScroll } from '../../ui/virtualScroll';
import { type GridLayout, headerHeight } from './gridLayout';

/** Titles above the sections that are in view; the one at the top stays there, and is pushed out by the next. */
export class SectionHeaders {
  /** Over the scrolled space, not in it. */
  readonly sticky = div('section-header sticky');
  private readonly nodes = new Map<number, HTMLElement>();

  constructor(private readonly space: HTMLElement) {}

  paint(layout: GridLayout, scroll: VirtualScroll): void {
    const { top, viewHeight } = scroll;
    const first = Math.max(0, layout.sectionAt(top));
    const last = layout.sectionAt(top + viewHeight);
    for (const [at, node] of this.nodes) {
      if (at >= first && at <= last && (layout.sections[at]?.header ?? 0) > 0) continue;
      node.remove();
      this.nodes.delete(at);
    }
    for (let at = first; at <= last; at++) {
      const section = layout.sections[at];
      if (section === undefined || section.header === 0) continue;
      const node = this.nodes.get(at) ?? div('section-header');
      if (!this.nodes.has(at)) {
        this.nodes.set(at, node);
        this.space.append(node);
      }
      node.style.transform = `translateY(${scroll.position(section.top)}px)`;
      paintHeader(node, section.title, section.images);
    }
    const current = layout.sections[first];
    this.sticky.hidden = current === undefined || current.header === 0 || top <= current.top;
    if (current === undefined || this.sticky.hidden) return;
    paintHeader(this.sticky, current.title, current.images);
    const next = layout.sections[first + 1];
    const push = next === undefined ? 0 : Math.min(0, next.top - top - headerHeight);
    this.sticky.style.transform = `translateY(${push}px)`;
  }
}

function paintHeader(node: HTMLElement, title: string, images: number): void {
  if (node.childElementCount === 0) fill(node, span('section-title'), span('count-badge'));
  const [name, badge] = node.children;
  if (name !== undefined) setText(name, title);
  if (badge === undefined) return;
  setText(badge, count(images));
  badge.setAttribute('title', counted(images, 'image'));
}
