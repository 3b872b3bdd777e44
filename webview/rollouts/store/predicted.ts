import { applyIntent, type RolloutsIntent, type RolloutsState } from '../../../src/core/document/rolloutsState';

interface Pending {
  readonly intent: RolloutsIntent;
  /** A later intent was answered: the host, which takes them in order, has seen this one too. */
  included: boolean;
}

/**
 * The trace's state as the user should see it now: what the host confirmed, with the intents still on their way applied
 * on top by the same code the host runs. An answer whose revision is not older than the confirmed one replaces it; an
 * older answer only ends its intent's wait. A refused intent disappears from the picture, which is its roll-back.
 */
export class PredictedState {
  private pending: Pending[] = [];
  private predicted: RolloutsState;

  constructor(
    private confirmed: RolloutsState,
    private readonly send: (intent: RolloutsIntent) => Promise<RolloutsState>,
    private readonly onChange: (state: RolloutsState) => void,
  ) {
    this.predicted = confirmed;
  }

  get current(): RolloutsState {
    return this.predicted;
  }

  /** Shows the intent at once and sends it; rejects, after rolling back, when the host refuses it. */
  async perform(intent: RolloutsIntent): Promise<void> {
    const entry: Pending = { intent, included: false };
    this.pending.push(entry);
    this.repaint();
    try {
      const answer = await this.send(intent);
      const at = this.pending.indexOf(entry);
      if (answer.revision >= this.confirmed.revision) {
        this.confirmed = answer;
        for (const earlier of this.pending.slice(0, at)) earlier.included = true;
      }
    } finally {
      this.pending = this.pending.filter((other) => other !== entry);
      this.repaint();
    }
  }

  /** A state the host announced of its own accord: another view's edit, undo, a re-sync. */
  confirm(state: RolloutsState): void {
    if (state.revision < this.confirmed.revision) return;
    this.confirmed = state;
    this.repaint();
  }

  private repaint(): void {
    this.predicted = this.pending
      .filter((entry) => !entry.included)
      .reduce((state, entry) => applyIntent(state, entry.intent), this.confirmed);
    this.onChange(this.predicted);
  }
}
