import type { LookStore } from '../chain/lookStore';
import { effectiveChoices } from '../store/frames';
import type { Session } from '../store/session';
import { Signal } from '../store/signal';
import { type BoxNotes, withEdits } from './editedMarks';
import { type Mark, type Marks, marksOf } from './marks';

const nothing: Marks = { list: [], unknown: [], reasons: [] };

/** The marks of what is selected, kept in step with everything they depend on. Canvas, texts and thumbnails share them. */
export class MarkStore {
  readonly marks = new Signal<Marks>(nothing);
  private shownNotes = '';
  private byId: ReadonlyMap<string, Mark> = new Map();

  constructor(
    private readonly session: Session,
    private readonly looks: LookStore,
  ) {
    const update = () => this.update();
    session.detail.on(update);
    session.place.on(update);
    session.siblings.on(update);
    session.truth.on(update);
    session.taskBoxes.on(update);
    session.guest.on(update);
    session.state.on(update);
    session.imageSize.on(update);
    session.meant.on(update);
    session.notes.version.on(() => {
      if (JSON.stringify(this.boxNotes) !== this.shownNotes) this.update();
    });
    looks.looks.on(update);
    session.look.on(update);
  }

  find(id: string | null): Mark | null {
    return id === null ? null : (this.byId.get(id) ?? null);
  }

  /** The selected rollout's own regions and clicks, in order. */
  get own(): readonly Mark[] {
    return this.marks.value.list.filter((mark) => mark.kind === 'region' || mark.kind === 'click');
  }

  private update(): void {
    const { looks } = this;
    const { group, place, siblings, truth, taskBoxes, state, imageSize, meant } = this.session;
    const guest = this.session.guest.value;
    if (group === null || place.value === null || place.value.group !== group.summary.group) {
      this.show(nothing);
      return;
    }
    const screen = looks.looks.value.kind === 'screens' ? looks.current : null;
    const marks = marksOf({
      rollouts: this.session.members,
      member: place.value.member,
      siblings: siblings.value,
      truth: truth.value,
      taskBoxes: taskBoxes.value,
      choices: effectiveChoices(state.value.frames, group.frames),
      guest:
        guest?.group === group.summary.group ? { rollouts: guest.detail.rollouts, choices: guest.detail.frames } : null,
      image: imageSize.value,
      chains: looks.chains,
      meant: meant.value,
      screen,
    });
    const notes = this.boxNotes;
    this.shownNotes = JSON.stringify(notes);
    // Edits lie on the image: there are none on a turn's own picture, and no place for them before the image is there.
    this.show(notes === null || screen !== null || imageSize.value === null ? marks : withEdits(marks, notes));
  }

  private get boxNotes(): BoxNotes | null {
    const place = this.session.place.value;
    const noted = place === null ? null : this.session.notes.group(place.group);
    if (noted === null) return null;
    const { truth } = noted.notes;
    const rollouts = noted.rollouts.map(({ regions }) => (regions === undefined ? {} : { regions }));
    return { notes: truth === undefined ? {} : { truth }, rollouts };
  }

  private show(marks: Marks): void {
    this.byId = new Map(marks.list.map((mark) => [mark.id, mark]));
    this.marks.set(marks);
  }
}
