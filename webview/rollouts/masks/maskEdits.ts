import type { DrawnMask } from '../../../src/core/click/maskAnnotation';
import type { Box } from '../../../src/core/geometry/box';
import type { CocoMask } from '../../../src/core/mask/cocoMask';
import type { ImageCanvas } from '../../canvas/imageCanvas';
import { channelBackend } from '../../segment/channelBackend';
import type { SegmentEditor } from '../../segment/segmentHost';
import { SegmentTool } from '../../segment/segmentTool';
import type { LookStore } from '../chain/lookStore';
import type { NoteEdits } from '../notes/noteEdits';
import type { MarkStore } from '../picture/markStore';
import { isCancelled } from '../store/host';
import { onAny, Signal } from '../store/signal';
import type { DrawnMasks } from './drawnMasks';

/** Masks on the group's image: drawn with the segmentation tool, kept in the group's notes. */
export class MaskEdits implements SegmentEditor {
  readonly tool: SegmentTool;
  /** The tool is on. */
  readonly on = new Signal(false);

  readonly session: NoteEdits['session'];
  /** Told before the tool takes the pointer: whoever has it lets go. */
  beforeOn: () => void = () => undefined;

  constructor(
    private readonly edits: NoteEdits,
    private readonly store: MarkStore,
    private readonly looks: LookStore,
    readonly masks: DrawnMasks,
    canvas: ImageCanvas,
  ) {
    const { session } = edits;
    this.session = session;
    this.tool = new SegmentTool(canvas, channelBackend(session.host), this, isCancelled);
    this.tool.onChange(() => {
      this.on.set(this.tool.on);
      masks.inHand.set(this.tool.edited);
    });
    onAny(() => this.follow(), [session.groupImage, session.place, looks.looks, session.look]);
  }

  /** Masks are of the image itself: none is drawn on a turn's own picture. */
  toggle(): void {
    const { session } = this.edits;
    const image = session.group?.image.kind;
    const none = image === 'missing' || image === 'ambiguous';
    if (!this.tool.on && (this.looks.screen !== null || none))
      session.say('Masks are drawn on the image; there is none on show.');
    else {
      if (!this.tool.on) this.beforeOn();
      this.tool.toggle();
    }
  }

  /** Whether all masks are hidden now. */
  toggleAll(): boolean {
    const { allHidden } = this.masks;
    allHidden.set(!allHidden.value);
    return allHidden.value;
  }

  accept(mask: DrawnMask, id: string | null): void {
    const label = mask.label ?? 'mask';
    this.edits.setMask(id ?? newId(), mask, `${id === null ? 'Mask' : 'Change mask'}: ${label}`);
  }

  remove(id: string): void {
    const mask = this.masks.find(id);
    if (mask !== null) this.edits.setMask(id, null, `Delete mask: ${mask.label ?? 'mask'}`);
  }

  relabel(id: string, label: string | null): void {
    const found = this.masks.find(id);
    if (found === null || found.label === label) return;
    const { id: _, author: __, time: ___, ...mask } = found;
    this.edits.setMask(id, { ...mask, label }, `Label mask: ${label ?? 'none'}`);
  }

  /** Goes on from a mask with further clicks. */
  takeUp(id: string): void {
    const mask = this.masks.find(id);
    if (mask === null) return;
    if (!this.tool.on) this.toggle();
    if (this.tool.on) this.tool.edit(mask, id);
  }

  crop(): Box | null {
    const mark = this.store.find(this.edits.session.region.value);
    return mark?.kind === 'region' || mark?.kind === 'truth'
      ? wholePixels(mark.box, this.edits.session.groupImage.value)
      : null;
  }

  truth(): CocoMask | null {
    return this.edits.session.rollout?.truthMask ?? null;
  }

  say(text: string): void {
    this.edits.session.say(text);
  }

  speak(text: string): void {
    this.edits.session.speak(text);
  }

  private follow(): void {
    const { session } = this.edits;
    const [place, size] = [session.place.value, session.groupImage.value];
    const shown = place !== null && size !== null && this.looks.screen === null;
    if (!shown && this.tool.on && this.looks.screen !== null) this.tool.toggle(false);
    this.tool.setImage(shown ? { image: place.group, size } : null);
  }
}

/** Ids sort by the time they were made. */
function newId(): string {
  return `${Date.now().toString(36).padStart(9, '0')}-${crypto.randomUUID().slice(0, 4)}`;
}

function wholePixels(box: Box | null, size: { readonly width: number; readonly height: number } | null): Box | null {
  if (box === null || size === null) return null;
  const whole = {
    x1: Math.max(0, Math.floor(Math.min(box.x1, box.x2))),
    y1: Math.max(0, Math.floor(Math.min(box.y1, box.y2))),
    x2: Math.min(size.width, Math.ceil(Math.max(box.x1, box.x2))),
    y2: Math.min(size.height, Math.ceil(Math.max(box.y1, box.y2))),
  };
  return whole.x2 - whole.x1 < 8 || whole.y2 - whole.y1 < 8 ? null : whole;
}
