import type { EffectiveAnnotation } from '../../../src/core/dataset/edit/imageNotes';
import type { Keypoint } from '../../../src/core/dataset/shape';
import type { Box } from '../../../src/core/geometry/box';
import { createImageCanvas, type ImageCanvas } from '../../canvas/imageCanvas';
import { isCancelled } from '../../rollouts/store/host';
import { onAny, oncePerFrame } from '../../rollouts/store/signal';
import { channelBackend } from '../../segment/channelBackend';
import { SegmentTool } from '../../segment/segmentTool';
import { div, fill, setText } from '../../ui/dom';
import type { EditStore } from '../edit/editStore';
import type { KeyAction } from '../keys';
import { drawRollouts } from '../rollouts/drawRollouts';
import type { RolloutRegions } from '../rollouts/rolloutMarks';
import { RolloutsPane } from '../rollouts/rolloutsPane';
import type { RolloutsStore } from '../rollouts/rolloutsStore';
import type { DatasetSession } from '../store/session';
import { AnnotationEdits } from './annotationEdits';
import { AnnotationList, listTitle } from './annotationList';
import { AnnotationTool } from './annotationTool';
import { DetailPicture } from './detailPicture';
import { DetailState, type Tool } from './detailState';
import { DetailToolbar } from './detailToolbar';
import { drawn } from './drawn';
import { DrawTool } from './drawTool';
import { ImageFacts } from './imageFacts';
import { performDetail } from './performDetail';
import { PoseTool } from './poseTool';
import { proposalBar } from './proposalBar';
import { lacksPose, ShapeEdits } from './shapeEdits';
import { ShapeLayer } from './shapeLayer';
import { VideoStrip } from './videoStrip';

/** One image on the canvas with its annotations: looked at, drawn, edited. */
export class DetailView {
  readonly element = div('detail');
  readonly canvas: ImageCanvas;
  readonly state: DetailState;
  readonly edits: AnnotationEdits;
  readonly shapes: ShapeEdits;
  readonly annotations: AnnotationTool;
  readonly segment: SegmentTool;
  readonly toolbar: DetailToolbar;
  readonly list: AnnotationList;
  readonly video: VideoStrip;
  readonly rollouts: RolloutsPane;
  private readonly picture: DetailPicture;
  private readonly layer: ShapeLayer;
  private readonly facts: ImageFacts;
  private readonly note = div('detail-note');
  private readonly count = div('list-title');
  private drawing: DrawTool | PoseTool | null = null;
  private held: string | null = null;

  constructor(
    readonly session: DatasetSession,
    readonly store: EditStore,
    rollouts: RolloutsStore,
  ) {
    const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.canvas = createImageCanvas({ label: 'Image with its annotations', reducedMotion });
    this.state = new DetailState(session, store);
    this.edits = new AnnotationEdits(this.state);
    this.shapes = new ShapeEdits(this.state, this.edits, () => this.canvas.surface.image());
    this.layer = new ShapeLayer(() => this.scene());
    this.annotations = this.annotationTool();
    this.segment = new SegmentTool(this.canvas, channelBackend(session.host), this.masks(), isCancelled);
    this.picture = new DetailPicture(session, this.canvas);
    this.toolbar = new DetailToolbar(this.state, (action) => this.perform(action, ''));
    this.list = new AnnotationList(this.state, (id) => this.zoomTo(id));
    this.video = new VideoStrip(session, this.state);
    this.facts = new ImageFacts(this.state, {
      word: (question, text) => session.mayEdit && void store.ask(session.image.value, question, text),
      answer: (question, answer) => session.mayEdit && void store.answer(session.image.value, question, answer),
    });
    const stage = div('detail-stage', this.canvas.element, this.note, ...this.segment.elements);
    this.rollouts = new RolloutsPane(rollouts, () => this.focus());
    drawRollouts(rollouts, this.canvas, (regions) => this.tell(regions));
    const proposals = proposalBar(this.state, (action) => this.perform(action, ''));
    const side = div(
      'detail-side',
      this.count,
      proposals,
      this.list.element,
      this.rollouts.element,
      this.facts.element,
    );
    const main = div('detail-main', stage, this.video.element);
    fill(this.element, this.toolbar.element, div('detail-body', main, side));
    this.listen();
  }

  focus(): void {
    this.canvas.element.focus({ preventScroll: true });
  }

  /** False for an action that is not this view's. `key` is what was pressed; '' for a button. */
  perform(action: KeyAction, key: string): boolean {
    return performDetail(this, action, key);
  }

  snapshot(): unknown {
    const { image, selected, tool } = this.state;
    return {
      image: this.session.image.value,
      loaded: image.value !== null,
      tool: tool.value,
      annotations: image.value?.annotations.map(({ id, label, shape, keypoints, box, edit }) => {
        return { id, label, kind: shape.kind, box, edit: edit?.kind ?? null, shape, keypoints };
      }),
      proposed: this.state.proposals.value.map(({ label }) => label),
      selected: [...selected.value],
      video: this.video.snapshot(),
      drawing: this.drawing?.begun ?? 0,
      segmenting: {
        clicks: this.segment.session.clicks.length,
        mask: this.segment.session.mask !== null,
        waiting: this.segment.session.waiting,
      },
      rollouts: this.rollouts.snapshot(),
      canvas: this.canvas.snapshot(),
    };
  }

  setTool(tool: Tool): void {
    if ((tool === 'ring' || tool === 'hole') && !this.shapes.fills) {
      this.session.say('Select a polygon, a mask or a box first.');
      return;
    }
    if (this.segment.on && tool !== 'segment') this.segment.toggle(false);
    this.annotations.commitKeys();
    this.state.tool.set(tool);
    this.drawing = this.drawingOf(tool);
    if (tool === 'segment') this.segment.toggle(true);
    else this.canvas.setTool(this.drawing ?? this.annotations);
    this.toolbar.paint();
    this.focus();
  }

  /** What is being drawn: finished, taken back or given up. */
  get draw(): DrawTool | PoseTool | null {
    return this.drawing;
  }

  private drawingOf(tool: Tool): DrawTool | PoseTool | null {
    if (tool === 'select' || tool === 'segment') return null;
    const { surface } = this.canvas;
    if (tool === 'keypoints') return this.poseTool();
    return new DrawTool(surface, tool, (shape) => {
      const ring = shape.kind === 'polygons' ? (shape.rings[0] ?? []) : [];
      if (tool === 'ring') this.shapes.addRing(ring);
      else if (tool === 'hole') this.shapes.cutHole(ring);
      else this.edits.add(shape);
    });
  }

  /** With the skeleton of the selected one's category, of the next label's, or of the first that has one. */
  private poseTool(): PoseTool {
    const { state, session } = this;
    const skeletons = session.info.value?.skeletons ?? [];
    const label = state.single !== null && lacksPose(state.single) ? state.single.label : state.label;
    const named = skeletons.find((one) => one.label === label) ?? (label === null ? skeletons[0] : undefined) ?? null;
    const done = (points: readonly Keypoint[]) => this.shapes.addPose(points, named);
    const tool = new PoseTool(this.canvas.surface, named, done, (text) => session.speak(text));
    tool.announce();
    return tool;
  }

  zoomTo(id: string): void {
    const annotation = this.state.annotations.find((one) => one.id === id);
    const bounds: Box | undefined = annotation === undefined ? undefined : drawn(annotation)?.bounds;
    if (bounds !== undefined) this.canvas.zoomToBox(bounds, 0.5);
  }

  private listen(): void {
    const { state, session, canvas } = this;
    canvas.setScenery((context, frame) => this.layer.paint(context, frame));
    const paintAll = oncePerFrame(() => {
      this.layer.set(this.withoutMended());
      canvas.repaintScenery();
    });
    onAny(paintAll, [state.image, state.hidden, state.solo, state.labels, state.drawn, session.info]);
    onAny(paintAll, [state.fill, state.byInstance, state.proposals]);
    const paintTitle = oncePerFrame(() => {
      const own = state.annotations.length - state.proposals.value.length;
      setText(this.count, `Annotations  ${listTitle(own, state.selected.value.size)}`);
    });
    onAny(paintTitle, [state.image, state.proposals, state.selected]);
    onAny(() => canvas.surface.repaint(), [state.selected, state.hover]);
    state.selected.on(() => {
      // What is selected is raised above the others, which stay as they are painted.
      if (state.solo.value) paintAll();
      this.annotations.corner = null;
      if (this.annotations.inHand?.id !== state.single?.id) this.annotations.commitKeys();
    });
    canvas.onSelect(() => this.annotations.clicked());
    this.segment.onChange(() => {
      paintAll();
      if (!this.segment.on && state.tool.value === 'segment') this.setTool('select');
    });
    onAny(() => this.enter(), [session.image, this.picture.shown]);
    this.picture.trouble.on((trouble) => {
      this.note.hidden = trouble === null;
      setText(this.note, trouble ?? '');
    });
    this.note.hidden = true;
    this.canvas.element.addEventListener('focusin', () => void session.host.call('editor/focus', { canvas: true }));
    this.canvas.element.addEventListener('focusout', () => void session.host.call('editor/focus', { canvas: false }));
    this.setTool('select');
  }

  /** The tools follow the picture on show. */
  private enter(): void {
    const { shown } = this.picture;
    const image = this.session.image.value;
    this.annotations.cancel();
    this.drawing?.cancel();
    this.segment.setImage(shown.value === null ? null : { image, size: shown.value.original });
    this.toolbar.paint();
  }

  private withoutMended() {
    const { edited } = this.segment;
    return edited === null ? this.state.visible : this.state.visible.filter(({ id }) => id !== edited);
  }

  /** Annotations stand back while rollouts are drawn over them. */
  private tell(regions: RolloutRegions): void {
    this.rollouts.told(regions);
    this.canvas.repaintScenery();
  }

  private scene() {
    const { state, held } = this;
    return {
      placeOf: (annotation: EffectiveAnnotation) => state.placeOf(annotation),
      skeletonOf: (label: string | null) => state.skeletonOf(label),
      fill: state.fill.value,
      selected: state.selected.value,
      hover: state.hover.value,
      held,
      labels: state.labels.value,
      // A mask in the making must stand out among those that are there.
      opacity: this.segment.on || this.rollouts.draws ? 0.5 : 1,
    };
  }

  private annotationTool(): AnnotationTool {
    const { state, canvas, edits, layer } = this;
    const tool: AnnotationTool = new AnnotationTool(canvas.surface, {
      selected: () => state.single,
      hit: (at, near) => layer.hit(at, near),
      hover: (id) => state.hover.set(id),
      select: (id, add) => state.select(id, add),
      commit: (id, figure, what) => edits.reshape(id, figure, what),
      held: (id) => {
        this.held = id;
        canvas.repaintScenery();
      },
      paint: (context, frame) =>
        layer.paintLive(context, frame, {
          hand: tool.inHand,
          places: (figure) => tool.places(figure),
          corner: tool.corner,
        }),
    });
    return tool;
  }

  private masks() {
    const { state, edits, session } = this;
    return {
      accept: (mask: Parameters<AnnotationEdits['acceptMask']>[0], id: string | null) => edits.acceptMask(mask, id),
      crop: () => null,
      truth: () => null,
      say: (text: string) => session.say(text),
      speak: (text: string) => session.speak(text),
      get labels() {
        return state.allLabels;
      },
    };
  }
}
