import type { Box, Size } from '../../../src/core/geometry/box';
import { toView } from '../../../src/core/geometry/zoomView';
import { type CanvasRegion, createImageCanvas, type ImageCanvas } from '../../canvas/imageCanvas';
import { div, setText, span } from '../../ui/dom';
import { previewSide } from '../picture/buckets';
import { regionId } from '../picture/marks';
import { errorText, isCancelled } from '../store/host';
import type { Session } from '../store/session';
import { onAny } from '../store/signal';
import { pixels } from '../words';
import { loadLook, type ShownPicture } from './lookPicture';
import type { LookStore } from './lookStore';
import { factsOf, type Look } from './looks';

/** Beside the image: the picture that the policy saw, with the regions that it named in it. */
export class LookView {
  readonly element: HTMLElement;
  readonly canvas: ImageCanvas;
  private readonly title = span('stage-caption');
  private readonly note = div('look-note');
  private controller = new AbortController();

  constructor(
    private readonly session: Session,
    private readonly store: LookStore,
    reducedMotion: boolean,
  ) {
    this.canvas = createImageCanvas({ label: 'What the policy saw', reducedMotion });
    this.note.hidden = true;
    this.element = div('look-view', this.title, div('look-stage', this.canvas.element, this.note));
    const { canvas } = this;
    canvas.onHover((id) => session.hover.set(id));
    canvas.onSelect((id) => session.region.set(id));
    session.hover.on((id) => canvas.setHover(id));
    session.region.on((id) => canvas.setSelection(id));
    onAny(() => void this.paint(), [store.looks, session.look, session.chain, session.groupImage]);
  }

  /** Only crops of one image are worth a second picture beside it. */
  get open(): boolean {
    return this.session.chain.value && this.store.looks.value.kind === 'zoom';
  }

  private async paint(): Promise<void> {
    this.controller.abort();
    this.element.hidden = !this.open;
    const { current } = this.store;
    if (!this.open || current === null) return;
    this.controller = new AbortController();
    const { signal } = this.controller;
    // A call that brought nothing is shown in the picture that it was made in.
    const look = current.picture === null ? this.sourceOf(current) : current;
    const { width, height } = this.canvas.viewport;
    try {
      const side = previewSide({ width, height }, devicePixelRatio);
      const shown = look?.picture ? await loadLook(this.session, look.picture, side, signal) : null;
      if (!signal.aborted) this.show(current, look, shown);
    } catch (error) {
      if (isCancelled(error) || signal.aborted) return;
      this.blank(errorText(error));
    }
  }

  private show(current: Look, look: Look | null, shown: ShownPicture | null): void {
    if (look === null || shown === null) {
      this.blank('The log left this picture out, and nothing tells which part of the image it showed.');
      return;
    }
    const { picture, box } = shown;
    const { width, height } = picture.original;
    const whole = { x1: 0, y1: 0, x2: width, y2: height };
    this.note.hidden = true;
    this.canvas.setRegions(box === null ? [] : this.regionsIn(look, box, shown));
    this.canvas.setImage(picture.original, { source: picture.source, box: whole }, `look ${look.index}`);
    this.canvas.setSelection(this.session.region.value);
    const words = this.words(current, look, shown);
    setText(this.title, words);
    this.title.title = words;
  }

  private blank(text: string): void {
    this.canvas.setRegions([]);
    this.canvas.setImage(null, null);
    setText(this.title, this.store.current?.title ?? '');
    setText(this.note, text);
    this.note.hidden = false;
  }

  private sourceOf(look: Look): Look | null {
    return this.store.looks.value.list.find(({ view }) => view !== null && view.index === look.step?.view) ?? null;
  }

  /** Boxes named in this picture, as the policy meant them, in its own pixels. */
  private regionsIn(look: Look, box: Box, { picture }: ShownPicture): readonly CanvasRegion[] {
    const { rollout, place } = this.session;
    const member = place.value?.member ?? 0;
    if (rollout === null || look.view === null) return [];
    const steps = this.store.chains?.of(rollout).zoom.steps ?? [];
    return steps.flatMap(({ view, meant, region, status }): CanvasRegion[] => {
      if (view !== look.view?.index || meant === null) return [];
      const failed = status.kind === 'executed' ? '' : ` (${status.kind === 'notRun' ? 'not run' : 'refused'})`;
      return [
        {
          id: regionId(member, region),
          box: toView(meant, { box }, picture.original),
          number: String(region + 1),
          title: `${rollout.regions[region]?.label ?? ''}${failed}`.trim(),
          palette: 0,
          stroke: failed === '' ? 'solid' : 'dashed',
          emphasis: 'strong',
        },
      ];
    });
  }

  private words(current: Look, look: Look, { picture, source }: ShownPicture): string {
    const image = this.session.groupImage.value;
    if (current.reason !== null && current.picture === null) return `${current.title} · ${current.reason}`;
    if (image === null || look.view === null || look.view.index === 0)
      return `${look.title} · ${pixels(picture.original)}`;
    const { seen, cut, share } = factsOf(look, image, source === 'logged' ? picture.original : null);
    const parts = [look.title];
    if (cut !== null && share !== null) parts.push(`${pixels(cut)}, ${percent(share)} of the image`);
    if (seen !== null && cut !== null) parts.push(scaleWords(seen, cut));
    if (source === 'cut') parts.push('recomputed');
    return parts.join(' · ');
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.01 ? 2 : 1)} %`;

function scaleWords(seen: Size, cut: Size): string {
  const scale = seen.width / cut.width;
  return Math.abs(scale - 1) < 0.01 ? 'seen at 1:1' : `seen at ${pixels(seen)} (×${scale.toFixed(2)})`;
}
