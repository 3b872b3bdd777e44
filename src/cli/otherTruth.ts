import type { FrameChoice } from '../core/geometry/frame';
import { readTruthBoxes } from '../core/trajectory/truthBoxes';
import type { DatasetTruth } from '../protocol/dataset';
import { printableLine } from './output';
import type { ScorerInput } from './scorers';
import type { Session } from './session';

/** Boxes of COCO and V* count in stored pixels, whatever frame the trace's own ground truth has. */
const original: FrameChoice = {
  dataSource: null,
  field: 'groundTruth',
  spec: { kind: 'original' },
  origin: 'user',
  reason: 'The dataset’s boxes are pixels of the stored image.',
};

/** Ground truth of another dataset in place of the log's. */
export class OtherTruth {
  private group = -1;
  private found: DatasetTruth | string = '';
  /** Groups by why they have none. */
  private readonly missing = new Map<string, number>();

  /** @param dataset absolute path. */
  constructor(
    private readonly session: Session,
    private readonly dataset: string,
  ) {}

  /** Rollouts of a group with the dataset's ground truth; where it has none they have none, and never the log's. */
  async given(group: number, inputs: readonly ScorerInput[]): Promise<readonly ScorerInput[]> {
    const found = await this.of(group);
    if (typeof found === 'string')
      return inputs.map((input) => ({ ...input, rollout: { ...input.rollout, groundTruth: null, truthBoxes: [] } }));
    const { truth: groundTruth } = found;
    const truthBoxes = readTruthBoxes(groundTruth);
    return inputs.map(({ rollout, frames, ...placing }) => ({
      ...placing,
      rollout: { ...rollout, groundTruth, truthBoxes },
      frames: found.original ? [original, ...frames.filter(({ field }) => field !== 'groundTruth')] : frames,
    }));
  }

  /** Says on stderr how many groups the dataset knows nothing of, and why. */
  tell(): void {
    for (const [reason, groups] of this.missing)
      process.stderr.write(
        printableLine(`${groups === 1 ? '1 group has' : `${groups} groups have`} no ground truth: ${reason}`).concat(
          '\n',
        ),
      );
  }

  private async of(group: number): Promise<DatasetTruth | string> {
    if (group === this.group) return this.found;
    const { data, opened } = this.session;
    const asked = { traceId: opened.traceId, group, dataset: this.dataset };
    this.found = await data.call('dataset/truth', asked, { deadline: Number.POSITIVE_INFINITY });
    this.group = group;
    if (typeof this.found === 'string') this.missing.set(this.found, (this.missing.get(this.found) ?? 0) + 1);
    return this.found;
  }
}
