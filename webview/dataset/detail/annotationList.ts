import { isPlaced, poseOf } from '../../../src/core/dataset/edit/figure';
import type { EffectiveAnnotation } from '../../../src/core/dataset/edit/imageNotes';
import { labelInk } from '../../canvas/labelInks';
import { type CanvasTheme, readTheme, watchTheme } from '../../canvas/theme';
import { onAny, oncePerFrame } from '../../rollouts/store/signal';
import { div, el, fill, setAria, span } from '../../ui/dom';
import { iconButton } from '../../ui/iconButton';
import { wordOf } from './annotationEdits';
import type { DetailState } from './detailState';
import { isProposed } from './proposals';

/** The annotations of the image, one a row: colour, label, kind, area and what is said of it. */
export class AnnotationList {
  readonly element = el('div', {
    class: 'annotation-list',
    role: 'listbox',
    tabIndex: 0,
    aria: { label: 'Annotations', multiselectable: true },
  });
  private readonly rows = new Map<string, HTMLElement>();
  private theme: CanvasTheme | null = null;
  private painted: readonly EffectiveAnnotation[] = [];

  constructor(
    private readonly state: DetailState,
    private readonly zoomTo: (id: string) => void,
  ) {
    const paint = oncePerFrame(() => this.paint());
    onAny(paint, [state.image, state.proposals, state.session.info]);
    onAny(
      oncePerFrame(() => this.mark()),
      [state.selected, state.hover, state.hidden, state.solo],
    );
    const recolour = () => {
      this.theme = null;
      this.painted = [];
      paint();
    };
    watchTheme(recolour);
    state.byInstance.on(recolour);
    this.element.addEventListener('keydown', (event) => this.key(event));
    this.element.addEventListener('pointerleave', () => state.hover.set(null));
  }

  private paint(): void {
    const { annotations } = this.state;
    if (annotations === this.painted) return;
    this.painted = annotations;
    this.theme ??= readTheme(this.element);
    this.rows.clear();
    if (annotations.length === 0) {
      const words = this.state.image.value === null ? '' : 'No annotations. Draw one, or segment with S.';
      fill(this.element, div('list-empty', words));
      return;
    }
    const rows = annotations.map((annotation) => this.row(annotation));
    fill(this.element, ...rows);
    this.mark();
  }

  private row(annotation: EffectiveAnnotation): HTMLElement {
    const { id, label, shape, area, crowd, ignore, score, edit } = annotation;
    const swatch = span('swatch');
    if (this.theme !== null) swatch.style.background = labelInk(this.theme, this.state.placeOf(annotation)).stroke;
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
    const row = el(
      'div',
      { class: 'annotation-row', role: 'option', id: `annotation-${this.rows.size}`, title: by },
      swatch,
      span(label === null ? 'annotation-label none' : 'annotation-label', label ?? 'no label'),
      span('annotation-kind', wordOf(shape)),
      span('annotation-flags', flags.join(' · ')),
      span('annotation-area', area === null ? '' : areaWords(area)),
      eye,
    );
    row.addEventListener('click', (event) => this.state.select(id, event.shiftKey || event.ctrlKey || event.metaKey));
    row.addEventListener('dblclick', () => this.zoomTo(id));
    row.addEventListener('pointerenter', () => this.state.hover.set(id));
    this.rows.set(id, row);
    return row;
  }

  private mark(): void {
    const { selected, hover, hidden, solo } = this.state;
    for (const [id, row] of this.rows) {
      const on = selected.value.has(id);
      setAria(row, 'selected', on);
      row.classList.toggle('hovered', hover.value === id);
      const unseen = solo.value ? !on : hidden.value.has(id);
      row.classList.toggle('unseen', unseen);
      const mark = row.querySelector('.codicon');
      mark?.classList.toggle('codicon-eye-closed', unseen);
      mark?.classList.toggle('codicon-eye', !unseen);
    }
    const [last] = [...selected.value].slice(-1);
    const current = last === undefined ? undefined : this.rows.get(last);
    setAria(this.element, 'activedescendant', current?.id ?? null);
    current?.scrollIntoView({ block: 'nearest' });
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
