/** Browsers cap an element's height near 33 million device pixels; above this the scroll bar is scaled instead. */
const tallest = 8_000_000;

/**
 * Scrolling over a list of any height. Up to `tallest` it is the browser's own; above, the scroll bar stands for a share
 * of the list, and the wheel moves by true pixels.
 */
export class VirtualScroll {
  private total = 0;
  private at = 0;
  private height = 0;
  /** The scroll position this class wrote itself: its echo is no user's move. */
  private written = -1;

  constructor(
    readonly element: HTMLElement,
    private readonly space: HTMLElement,
    onScroll: () => void,
  ) {
    new ResizeObserver(() => {
      this.height = element.clientHeight;
      onScroll();
    }).observe(element);
    element.addEventListener('scroll', () => {
      if (Math.abs(element.scrollTop - this.written) >= 1) this.at = element.scrollTop * this.ratio;
      this.written = -1;
      onScroll();
    });
    element.addEventListener(
      'wheel',
      (event) => {
        if (this.ratio === 1 || event.ctrlKey) return;
        event.preventDefault();
        this.scrollTo(this.at + event.deltaY * (event.deltaMode === 1 ? 22 : 1));
        onScroll();
      },
      { passive: false },
    );
  }

  /** Distance of the view's top edge from the list's, in list pixels. */
  get top(): number {
    return this.at;
  }

  /** Kept by an observer: reading it from the element while rows are being written would lay the page out each time. */
  get viewHeight(): number {
    return this.height;
  }

  setTotal(total: number): void {
    if (total === this.total) return;
    this.total = total;
    this.space.style.height = `${Math.min(total, tallest)}px`;
  }

  scrollTo(top: number): void {
    this.at = Math.max(0, Math.min(top, this.total - this.viewHeight));
    const target = this.at / this.ratio;
    if (Math.abs(this.element.scrollTop - target) < 0.5) return;
    this.element.scrollTop = target;
    this.written = this.element.scrollTop;
  }

  /** The scroll bar stands for a share of the list: rows do not keep their place while it moves. */
  get scaled(): boolean {
    return this.ratio !== 1;
  }

  /** Where inside the scrolled space a row belongs that starts at `top` of the list. */
  position(top: number): number {
    return this.ratio === 1 ? top : this.element.scrollTop + (top - this.at);
  }

  private get ratio(): number {
    if (this.total <= tallest) return 1;
    return (this.total - this.viewHeight) / (tallest - this.viewHeight);
  }
}
