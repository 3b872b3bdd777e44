import { div } from '../ui/dom';
import { sash } from '../ui/sash';
import { firstViewState, type ViewState } from './store/viewState';

export interface PaneSizes {
  leftWidth: number;
  rightWidth: number;
  bottomHeight: number;
}

const least = { left: 190, right: 220, centre: 460, bottom: 90, picture: 140 };

/** The editor's three columns with the turns under the picture; sashes between them resize and remember. */
export class Layout {
  readonly element: HTMLElement;
  readonly sizes: PaneSizes;
  private readonly centre: HTMLElement;

  constructor(
    panes: { left: HTMLElement; picture: HTMLElement; bottom: HTMLElement; right: HTMLElement },
    view: ViewState,
    private readonly onResize: () => void,
  ) {
    const { leftWidth, rightWidth, bottomHeight } = view;
    this.sizes = { leftWidth, rightWidth, bottomHeight };
    this.centre = div(
      'centre',
      panes.picture,
      this.sash('Height of the turns', 'horizontal', -1, 'bottomHeight'),
      panes.bottom,
    );
    this.element = div(
      'columns',
      panes.left,
      this.sash('Width of the list', 'vertical', 1, 'leftWidth'),
      this.centre,
      this.sash('Width of the details', 'vertical', -1, 'rightWidth'),
      panes.right,
    );
    new ResizeObserver(() => this.apply()).observe(this.element);
    this.apply();
  }

  /** Sizes as wished, cut to what the window has room for; the wishes are kept for a larger window. */
  private apply(): void {
    const width = this.element.clientWidth || 1200;
    const height = this.element.clientHeight || 800;
    const clamp = (value: number, low: number, high: number) => Math.round(Math.max(low, Math.min(value, high)));
    const wished = this.sizes.leftWidth + this.sizes.rightWidth;
    const share = Math.min(1, Math.max(0, width - least.centre) / wished);
    const left = clamp(this.sizes.leftWidth * share, least.left, width / 2);
    const right = clamp(this.sizes.rightWidth * share, least.right, width / 2);
    const bottom = clamp(this.sizes.bottomHeight, least.bottom, height - least.picture);
    this.element.style.gridTemplateColumns = `${left}px 1px minmax(0, 1fr) 1px ${right}px`;
    this.centre.style.gridTemplateRows = `minmax(0, 1fr) 1px ${bottom}px`;
  }

  private sash(
    label: string,
    orientation: 'vertical' | 'horizontal',
    direction: 1 | -1,
    name: keyof PaneSizes,
  ): HTMLElement {
    return sash({
      label,
      orientation,
      direction,
      get: () => this.sizes[name],
      set: (size) => {
        this.sizes[name] = Math.max(60, Math.min(size, 2000));
        this.apply();
      },
      reset: () => {
        this.sizes[name] = firstViewState[name];
        this.apply();
      },
      onDone: this.onResize,
    });
  }
}
