import type { Box } from '../../../src/core/geometry/box';
import type { ImageCanvas } from '../../canvas/imageCanvas';
import type { BoxEdit } from '../../canvas/tools/boxEdit';
import type { LookStore } from '../chain/lookStore';
import type { MarkStore } from '../picture/markStore';
import { type Mark, regionId, truthId } from '../picture/marks';
import { onAny, Signal } from '../store/signal';
import type { BoxPlace, NoteEdits } from './noteEdits';

const tenfold = 10;

/** Editing boxes on the picture: which one the pointer and the keys change, and what becomes of it. */
export class BoxEdits {
  /** Boxes can be changed. */
  readonly on = new Signal(false);

  constructor(
    private readonly edits: NoteEdits,
    private readonly store: MarkStore,
    private readonly looks: LookStore,
    private readonly canvas: ImageCanvas,
  ) {
    const { session } = edits;
    canvas.boxes.onEdit((edit) => this.take(edit));
    const choose = () => canvas.boxes.setEditable(this.mark?.id ?? null);
    onAny(choose, [this.on, session.region, session.place, store.marks]);
  }

  /** The box that can be changed now: of the selected rollout or its ground truth, selected, in editing. */
  get mark(): Mark | null {
    return this.on.value ? this.selected : null;
  }

  /** Somebody moved the selected box. */
  get canRevert(): boolean {
    return this.selected?.edited !== undefined;
  }

  /** Boxes to step through in editing: the rollout's regions, then the ground truth. */
  get all(): readonly Mark[] {
    const { list } = this.store.marks.value;
    return ['region', 'truth'].flatMap((kind) => list.filter((mark) => mark.kind === kind && mark.box !== null));
  }

  toggle(): void {
    const { session } = this.edits;
    if (!this.on.value && this.looks.screen !== null) {
      session.say('Boxes are edited on the image; a turn’s own picture is on show.');
      return;
    }
    this.on.set(!this.on.value);
    if (!this.on.value) {
      session.speak('Boxes are no longer edited.');
      return;
    }
    if (this.mark === null) session.region.set(this.all[0]?.id ?? null);
    this.canvas.element.focus({ preventScroll: true });
    if (this.mark === null) session.say('There is no box here to edit.');
    else session.speak('Boxes are edited: drag, or press arrow keys.');
  }

  /** By the name of a key: arrows move by a pixel, with Shift by ten, with Alt the right and lower edge. */
  step(key: string): boolean {
    const by = key.includes('Shift+') ? tenfold : 1;
    const [dx, dy] = { Left: [-by, 0], Right: [by, 0], Up: [0, -by], Down: [0, by] }[key.replace(/^.*Arrow/, '')] ?? [
      0, 0,
    ];
    return this.canvas.boxes.nudge(dx ?? 0, dy ?? 0, key.startsWith('Alt+') ? 'resize' : 'move');
  }

  /** The selected box stands where the log has it again. */
  revert(): void {
    const place = this.canRevert && this.selected !== null ? this.placeOf(this.selected.id) : null;
    if (place === null) this.edits.session.say('This box stands where the log has it.');
    else this.edits.setBox(place, null, `Logged box again: ${placeWords(place)}`);
  }

  private get selected(): Mark | null {
    const mark = this.store.find(this.edits.session.region.value);
    const own = mark?.kind === 'region' || mark?.kind === 'truth';
    return own && mark.box !== null && this.looks.screen === null ? mark : null;
  }

  private take({ id, box, phase }: BoxEdit): void {
    const place = this.placeOf(id);
    const { session } = this.edits;
    const member = session.place.value?.member ?? -1;
    if (phase !== 'commit' || place === null) {
      session.boxInHand.set(phase === 'move' && place !== null ? { ...place, member, box } : null);
      return;
    }
    const before = this.store.find(id)?.box ?? box;
    this.edits.setBox(place, box, `${sameExtent(before, box) ? 'Move' : 'Resize'} ${placeWords(place)}`);
    session.boxInHand.set(null);
  }

  private placeOf(id: string): BoxPlace | null {
    const { rollout, place } = this.edits.session;
    if (rollout === null || place.value === null) return null;
    const { member } = place.value;
    const region = rollout.regions.find(({ index }) => regionId(member, index) === id);
    if (region !== undefined) return { kind: 'region', index: region.index };
    const index = rollout.truthBoxes.findIndex((_, at) => truthId(at) === id);
    return index < 0 ? null : { kind: 'truth', index };
  }
}

function placeWords({ kind, index }: BoxPlace): string {
  return `${kind === 'region' ? 'region' : 'ground truth'} ${index + 1}`;
}

function sameExtent(a: Box, b: Box): boolean {
  const close = (x: number, y: number) => Math.abs(x - y) < 1e-6;
  return close(a.x2 - a.x1, b.x2 - b.x1) && close(a.y2 - a.y1, b.y2 - b.y1);
}
