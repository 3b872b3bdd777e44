import type { RolloutNotes, StepLabel } from '../../core/annotation/annotation';
import type { TurnLabels } from '../../core/metric/judges';
import type { Rollout } from '../../core/trajectory/rollout';
import { type ExportNotes, readNotes } from '../exportNotes';
import type { Session } from '../session';

/** What the log itself holds is one more judge: it may be a process reward model's. */
const ofLog = 'labels of the log';

export interface RolloutJudges {
  readonly people: TurnLabels;
  readonly judges: ReadonlyMap<string, TurnLabels>;
}

/** Labels of people, beside the logs, and of judges, in folders of their own (`saccade judge --annotations`). */
export class JudgeNotes {
  private constructor(
    private readonly people: ExportNotes,
    private readonly judges: readonly ExportNotes[],
  ) {}

  /** @param folders absolute. Throws `UserError` for a sidecar that cannot be read. */
  static async open(session: Session, folders: readonly string[]): Promise<JudgeNotes> {
    const people = await readNotes(session, { ignoreAnnotations: false, annotationFolders: [] });
    const judges: ExportNotes[] = [];
    for (const folder of folders) {
      const chosen = { ignoreAnnotations: false, annotationFolders: [folder] };
      // Of a log that the judge said nothing of, the sidecar beside it would stand in: people's.
      judges.push(await readNotes(session, chosen, ({ place }) => place === folder));
    }
    return new JudgeNotes(people, judges);
  }

  async of(rollouts: readonly Rollout[]): Promise<readonly RolloutJudges[]> {
    const people = await this.people.rollouts(rollouts);
    const judges = await Promise.all(this.judges.map((notes) => notes.rollouts(rollouts)));
    return rollouts.map(({ stepLabels = [] }, i) => {
      const found = new Map<string, Map<number, StepLabel>>();
      if (stepLabels.length > 0) found.set(ofLog, new Map(stepLabels.map(({ turn, label }) => [turn, label])));
      for (const [turn, { author, value }] of judges.flatMap((said) => labelsIn(said[i]?.notes))) {
        const own = found.get(author) ?? new Map<number, StepLabel>();
        found.set(author, own.set(turn, value));
      }
      return { people: new Map(labelsIn(people[i]?.notes).map(([turn, { value }]) => [turn, value])), judges: found };
    });
  }
}

function labelsIn(notes: RolloutNotes | undefined) {
  return Object.entries(notes?.labels ?? {}).map(([turn, noted]) => [Number(turn), noted] as const);
}
