import type { ReviewProgress } from '../../../src/protocol/review';
import type { FilterStore } from '../filter/filterStore';
import type { NoteEdits } from '../notes/noteEdits';
import { isCancelled } from '../store/host';
import { onAny, Signal } from '../store/signal';
import { count } from '../words';
import { asksOfPeople, canAsk, type ReviewKind, reviewKinds } from './reviewQueries';

/** Milliseconds for which edits must rest before they are counted anew. */
const rest = 120;

/** What is to be reviewed: what the list shows, in its order, less what was reviewed. The data child knows it whole. */
export class ReviewStore {
  /** Null until it was counted. */
  readonly progress = new Signal<ReviewProgress | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;
  /** Steps one after the other: each begins where the one before led. */
  private going: Promise<void> = Promise.resolve();

  constructor(
    private readonly edits: NoteEdits,
    readonly filter: FilterStore,
  ) {
    const { session, store } = edits;
    const soon = () => this.countSoon();
    onAny(soon, [session.listing, session.progress, store.version]);
    session.host.on('review/changed', () => {
      soon();
      if (asksOfPeople(filter.query.value)) filter.refresh();
    });
    soon();
  }

  /** Selects the nearest rollout that nobody reviewed. */
  step(direction: 1 | -1): void {
    this.afterwards(() => this.go(direction));
  }

  markAndGoOn(): void {
    this.afterwards(async () => {
      if (await this.loaded()) {
        if (this.edits.current?.notes.reviewed === undefined) this.edits.toggleReviewed();
      } else if (this.edits.session.rollout?.kind === 'rollout') return this.refuse();
      await this.go(1);
    });
  }

  /** Marks every rollout of the selected group and goes on; where all are marked, takes the marks back and stays. */
  markGroup(): void {
    this.afterwards(async () => {
      if (!(await this.loaded())) return this.refuse();
      if (this.edits.toggleGroupReviewed()) await this.go(1);
    });
  }

  /** Shows in the list what such a review is over. */
  async choose({ query, lacking }: ReviewKind): Promise<void> {
    if (canAsk(query, await this.filter.loadColumns())) this.filter.apply(query);
    else this.edits.session.say(lacking);
  }

  chooseById(id: ReviewKind['id']): void {
    const kind = reviewKinds.find((one) => one.id === id);
    if (kind !== undefined) void this.choose(kind);
  }

  private afterwards(work: () => Promise<void>): void {
    const { session } = this.edits;
    this.going = this.going.then(work).catch((error: unknown) => session.report(error));
  }

  private refuse(): void {
    this.edits.session.say(this.edits.trouble ?? 'No rollout is selected.');
  }

  /** Waits for the notes of the selected group; false where the selected rollout has none that could be written. */
  private async loaded(): Promise<boolean> {
    const { session, store } = this.edits;
    const place = session.place.value;
    if (place !== null && this.edits.current === null) await store.load(place.group, session.summary?.size ?? 0);
    return this.edits.current !== null;
  }

  private async go(direction: 1 | -1): Promise<void> {
    const { session } = this.edits;
    const from = session.rollout?.row ?? session.selected?.row ?? null;
    const found = await session.host.call('review/next', { view: this.view, from, direction });
    if (found === null) {
      session.say('Nothing else in the list is left to review.');
      return;
    }
    session.select(found, found.row);
    if (found.wrapped) session.say(`From the ${direction > 0 ? 'beginning' : 'end'} of the list again.`);
    else session.speak(`Rollout ${found.member + 1} of group ${found.group + 1}`);
  }

  private get view(): number | null {
    return this.edits.session.listing.value.found?.view.view ?? null;
  }

  private countSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.recount(), rest);
  }

  private async recount(): Promise<void> {
    const { session } = this.edits;
    const asked = ++this.asked;
    try {
      const progress = await session.host.call('review/progress', { view: this.view });
      if (asked === this.asked) this.progress.set(progress);
    } catch (error) {
      // A view that is held no longer is asked for again by who shows it.
      if (!isCancelled(error) && asked === this.asked) this.progress.set(null);
    }
  }
}

/** `23 of 184 reviewed`. */
export const reviewedWords = ({ reviewed, rollouts }: ReviewProgress): string =>
  `${count(reviewed)} of ${count(rollouts)} reviewed`;
