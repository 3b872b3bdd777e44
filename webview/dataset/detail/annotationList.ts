import { isPlaced, poseOf } from '../../../src/core/dataset/edit/figure';
import type { EffectiveAnnotation } from '../../../src/core/dataset/edit/imageNotes';
import { labelInk } from '../../canvas/labelInks';
import { type CanvasTheme, readTheme, watchTheme } from '../../canvas/theme';
import { onAny, oncePerFrame } from '../../rollouts/store/signal';
import { div, el, fill, setAria, setText, span } from '../../ui/dom';
import { iconButton } from '../../ui/iconButton';
import { VirtualScroll } from '../../ui/virtualScroll';
import { wordOf } from './annotationEdits';
import type { DetailState } from './detailState';
import { isProposed } from './proposals';

/** CSS pixels. */
const rowHeight = 22;
/** Rows above and below the view that are there already. */
const ahead = 8;

interface Row {
  readonly element: HTMLElement;
  readonly eye: Element | null;
  readonly annotation: EffectiveAnnotation;
  /** Place of its colour. */
  readonly colour: number | null;
  selected: boolean;
  hovered: boolean;
  unseen: boolean;
}

/** The annotations of the image, one a row: colour, label, kind, area and what is said of it. Only rows in view are in the document. */
export class AnnotationList {
  readonly element = el('div', {
    class: 'annotation-list',
    role: 'listbox',
    tabIndex: 0,
    aria: { label: 'Annotations', multiselectable: true },
  });
  private readonly space = el('div', { class: 'annotation-space', role: 'presentation' });
  private readonly empty = div('list-empty');
  private readonly scroll: VirtualScroll;
  /** By id, those that are in the document. */
  private rows = new Map<string, Row>();
  /** Rows made so far, for their ids. */
  private made = 0;
  private theme: CanvasTheme | null = null;
  /** The selected annotation that was brought into view, and how high the view was. */
  private revealed: { readonly id: string | undefined; readonly height: number } = { id: undefined, height: 0 };

  constructor(
    private readonly state: DetailState,
    private readonly zoomTo: (id: string) => void,
  ) {
    fill(this.element, this.empty, this.space);
    const paint = oncePerFrame(() => this.paint());
    this.scroll = new VirtualScroll(this.element, this.space, paint);
    onAny(paint, [
      state.image,
      state.proposals,
      state.session.info,
      state.selected,
      state.hover,
      state.hidden,
      state.solo,
    ]);
    const recolour = () => {
      this.theme = null;
      for (const { element } of this.rows.values()) element.remove();
      this.rows.clear();
      paint();
    };
    watchTheme(recolour);
    state.byInstance.on(recolour);
    this.element.addEventListener('keydown', (event) => this.key(event));
    this.element.addEventListener('pointerleave', () => state.hover.set(null));
  }

  private paint(): void {
    const { annotations, image } = this.state;
    this.theme ??= readTheme(this.element);
    this.empty.hidden = annotations.length > 0 || image.value === null;
    setText(this.empty, 'No annotations. Draw one, or segment with S.');
    this.scroll.setTotal(annotations.length * rowHeight);
    this.reveal();
    const { top, viewHeight } = this.scroll;
    const from = Math.max(0, Math.floor(top / rowHeight) - ahead);
    const shown = annotations.slice(from, Math.ceil((top + viewHeight) / rowHeight) + ahead);
    const before = this.rows;
    this.rows = new Map(shown.map((annotation) => [annotation.id, this.kept(before, annotation)]));
    for (const [id, { element }] of before) if (this.rows.get(id)?.element !== element) element.remove();
    let next = this.space.firstElementChild;
    for (const [at, { element }] of [...this.rows.values()].entries()) {
      // In the order in which it is read.
      if (element === next) next = next.nextElementSibling;
      else this.space.insertBefore(element, next);
      element.style.transform = `translateY(${this.scroll.position((from + at) * rowHeight)}px)`;
      setAria(element, 'posinset', from + at + 1);
      setAria(element, 'setsize', annotations.length);
    }
    this.mark();
  }

  /**
   * Brings what was selected last into view, once: then the list is the user's to scroll. What is said of it below makes the view
   * less high a moment later.
   */
  private reveal(): void {
    const [last] = [...this.state.selected.value].slice(-1);
    const { top, viewHeight } = this.scroll;
    if (viewHeight === 0 || (last === this.revealed.id && viewHeight === this.revealed.height)) return;
    this.revealed = { id: last, height: viewHeight };
    const at = this.state.annotations.findIndex(({ id }) => id === last);
    const over = (at + 1) * rowHeight - viewHeight;
    if (at >= 0 && at * rowHeight < top) this.scroll.scrollTo(at * rowHeight);
    else if (at >= 0 && over > top) this.scroll.scrollTo(over);
  }

  private kept(rows: ReadonlyMap<string, Row>, annotation: EffectiveAnnotation): Row {
    const there = rows.get(annotation.id);
    const same = there?.annotation === annotation && there.colour === this.state.placeOf(annotation);
    return same ? there : this.row(annotation);
  }

  private row(annotation: EffectiveAnnotation): Row {
    const { id, label, shape, area, crowd, ignore, score, edit } = annotation;
    const swatch = span('swatch');
    const colour = this.state.placeOf(annotation);
    if (this.theme !== null) swatch.style.background = labelInk(this.theme, colour).stroke;
    const flags = [
      crowd ? 'crowd' : null,
      ignore ? 'ignore' : null,
      poseWords(annotation),
      score === null ? null : score.toFixed(2),
      edit === null ? null : edit.kind,
      isProposed(id) ? 'proposed' : null,
    ].filter((flag) => flag !== null);
    const by = edit === null ? '' : `${edit.kind} by ${edit.author}, ${new Date(edit.time).toLocaleString()}`;
    const eye = iconButton({ icon: 'eye', label: 'Hide or show', onClick: () => this.toggle(id) });
    eye.tabIndex = -1;
    const element = el(
      'div',
      {
        class: 'annotation-row',
        role: 'option',
        id: `annotation-${this.made++}`,
        title: by,
        aria: { selected: false },
      },
      swatch,
      span(label === null ? 'annotation-label none' : 'annotation-label', label ?? 'no label'),
      span('annotation-kind', wordOf(shape)),
      span('annotation-flags', flags.join(' · ')),
      span('annotation-area', area === null ? '' : areaWords(area)),
      eye,
    );
    element.addEventListener('click', (event) => {
      this.state.select(id, event.shiftKey || event.ctrlKey || event.metaKey);
    });
    element.addEventListener('dblclick', () => this.zoomTo(id));
    element.addEventListener('pointerenter', () => this.state.hover.set(id));
    const marks = { selected: false, hovered: false, unseen: false };
    return { element, eye: eye.querySelector('.codicon'), annotation, colour, ...marks };
  }

  /** Writes what has changed: the pointer on its way over the picture changes two rows at a time. */
  private mark(): void {
    const { selected, hover, hidden, solo } = this.state;
    for (const [id, row] of this.rows) {
      const on = selected.value.has(id);
      if (on !== row.selected) setAria(row.element, 'selected', on);
      const hovered = hover.value === id;
      if (hovered !== row.hovered) row.element.classList.toggle('hovered', hovered);
      const unseen = solo.value ? !on : hidden.value.has(id);
      if (unseen !== row.unseen) {
        row.element.classList.toggle('unseen', unseen);
        row.eye?.classList.toggle('codicon-eye-closed', unseen);
        row.eye?.classList.toggle('codicon-eye', !unseen);
      }
      Object.assign(row, { selected: on, hovered, unseen });
    }
    const [last] = [...selected.value].slice(-1);
    const current = last === undefined ? undefined : this.rows.get(last)?.element;
    setAria(this.element, 'activedescendant', current?.id ?? null);
  }

  private toggle(id: string): void {
    const next = new Set(this.state.hidden.value);
    if (!next.delete(id)) next.add(id);
    this.state.hidden.set(next);
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by !== 0) this.state.step(by);
    else if (event.key === 'Enter') {
      const [last] = [...this.state.selected.value].slice(-1);
      if (last !== undefined) this.zoomTo(last);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** How many keypoints are labelled; null where there are none to label. */
function poseWords(annotation: EffectiveAnnotation): string | null {
  const pose = poseOf(annotation);
  if (pose === null || pose.length === 0) return null;
  const count = `${pose.filter(isPlaced).length}/${pose.length}`;
  return annotation.shape.kind === 'keypoints' ? count : `${count} keypoints`;
}

/** Pixels squared, short. */
function areaWords(area: number): string {
  if (area < 10_000) return `${Math.round(area)} px²`;
  return area < 1e6 ? `${(area / 1000).toFixed(1)}k px²` : `${(area / 1e6).toFixed(2)}M px²`;
}

/** Heading of the pane. */
export function listTitle(count: number, selected: number): string {
  return selected > 1 ? `${selected} of ${count} selected` : String(count);
}
