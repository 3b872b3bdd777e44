import type { ImageMark } from '../../../src/core/dataset/edit/imageEdits';
import { askLabel } from '../detail/labelBox';
import type { KeyAction } from '../keys';
import type { DatasetSession } from '../store/session';
import type { EditStore } from './editStore';

/** What people say of images as a whole: those that are selected in the grid, or the one on show. */
export class MarkEdits {
  constructor(
    private readonly session: DatasetSession,
    private readonly store: EditStore,
    /** What a question opens beside. */
    private readonly anchor: () => HTMLElement,
  ) {}

  /** False for other actions. */
  perform(action: KeyAction): boolean {
    switch (action) {
      case 'acceptImage':
        return this.mark({ kind: 'verdict', value: 'accept' });
      case 'rejectImage':
        return this.mark({ kind: 'verdict', value: 'reject' });
      case 'needsWork':
        return this.mark({ kind: 'verdict', value: 'needs-work' });
      case 'clearVerdict':
        return this.mark({ kind: 'verdict', value: null });
      case 'toggleReviewed':
        return this.mark({ kind: 'reviewed', value: this.all(({ reviewed }) => reviewed) ? null : true });
      case 'tagImage':
        askLabel(this.anchor(), 'Tag', this.store.allTags, '', (tag) => {
          this.mark({ kind: 'tag', tag, on: !this.all(({ tags }) => tags.includes(tag)) });
        });
        return true;
      case 'setSplit': {
        const splits = this.session.info.value?.splits.map(({ split }) => split) ?? [];
        const known = [...new Set([...splits, 'train', 'val', 'test'])];
        askLabel(this.anchor(), 'Split', known, '', (value) => this.mark({ kind: 'split', value }));
        return true;
      }
      default:
        return false;
    }
  }

  private get targets(): readonly number[] {
    const { mode, image, selection } = this.session;
    return mode.value === 'detail' && image.value >= 0 ? [image.value] : selection.targets;
  }

  /** Whether something holds of all targets; of one whose row has not come it does not. */
  private all(holds: (marks: { readonly reviewed: boolean; readonly tags: readonly string[] }) => boolean): boolean {
    const { listing } = this.session;
    return this.targets.every((image) => {
      const key = this.store.image(image)?.key ?? listing.value.row(listing.value.placeOf(image))?.key;
      const marks = key === undefined ? null : this.store.marks(key);
      return marks !== null && holds(marks);
    });
  }

  private mark(mark: ImageMark): boolean {
    const { targets, session } = this;
    if (targets.length === 0) session.say('Select images first.');
    else if (session.mayEdit) void this.send(targets, mark);
    return true;
  }

  private async send(targets: readonly number[], mark: ImageMark): Promise<void> {
    try {
      const changed = await this.store.mark(targets, mark);
      this.session.say(`${wordsOf(mark)}: ${changed === 1 ? '1 image' : `${changed} images`} changed.`);
    } catch (error) {
      this.session.report(error);
    }
  }
}

function wordsOf(mark: ImageMark): string {
  switch (mark.kind) {
    case 'verdict':
      return mark.value === null
        ? 'No verdict'
        : { accept: 'Accept', reject: 'Reject', 'needs-work': 'Needs work' }[mark.value];
    case 'split':
      return mark.value === null ? 'Split of the file' : `Split ${mark.value}`;
    case 'reviewed':
      return mark.value === null ? 'Not reviewed' : 'Reviewed';
    case 'tag':
      return mark.on ? `Tag ${mark.tag}` : `Tag ${mark.tag} taken away`;
  }
}
