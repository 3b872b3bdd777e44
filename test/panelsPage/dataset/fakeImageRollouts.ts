import { framePresets } from '../../../src/core/geometry/framePresets';
import { UserError } from '../../../src/core/text/userError';
import type { Handlers } from '../../../src/protocol/channel';
import type { GroupDetail, GroupSummary } from '../../../src/protocol/data';
import type {
  DatasetRolloutsHostMethods,
  GroupOnImage,
  RolloutsOnSet,
  TraceOnImages,
} from '../../../src/protocol/datasetRollouts';
import type { ImageRow } from '../../../src/protocol/imageSet';
import { fakeRollout, rewardOf } from '../fakeRollouts';

/** `joined`: two traces, of which one is told by name on some images. `broken`: one that does not open besides. */
export type RolloutsScenario = 'joined' | 'broken' | 'looking';

const groups = { file: 380, content: 12, name: 3, ambiguous: 2, different: 1, absent: 4, missing: 0 };

/** Rollouts on made-up images: every third image has none. */
export class FakeImageRollouts {
  /** What was opened in the rollouts editor. */
  readonly opened: { readonly trace: number; readonly row: number }[] = [];
  private version = 1;
  private passes: number | null = null;

  constructor(
    private scenario: RolloutsScenario | undefined,
    private readonly changed: (state: RolloutsOnSet) => void,
    private readonly sizeOf: (index: number) => { readonly width: number; readonly height: number },
  ) {}

  handlers(): Handlers<DatasetRolloutsHostMethods> {
    return {
      'rollouts/state': () => this.state(),
      'rollouts/choose': () => {
        this.scenario = 'joined';
        return this.tell();
      },
      'rollouts/passes': () => {
        this.passes = 0.5;
        return this.tell();
      },
      'rollouts/on': ({ index }) => {
        const stored = { size: this.sizeOf(index), orientation: 1 };
        const none = this.scenario === undefined || index % 3 === 2;
        return { groups: none ? [] : this.groups(index), stored };
      },
      'rollouts/group': ({ trace, group }) => {
        if (group === 7) throw new UserError('12.jsonl, line 9: the file changed after it was opened. Open it again.');
        return detailOf(summaryOf(group, 30, trace === 1 ? 4 : 2), group);
      },
      'rollouts/open': (place) => {
        this.opened.push(place);
        return null;
      },
    };
  }

  /** With its mean reward. */
  row(row: ImageRow): ImageRow {
    if (this.scenario === undefined) return row;
    return { ...row, reward: row.index % 3 === 2 ? Number.NaN : (rewardOf(row.index, 0) ?? Number.NaN) };
  }

  private tell(): boolean {
    this.version++;
    this.changed(this.state());
    return true;
  }

  private state(): RolloutsOnSet {
    const { scenario, passes, version } = this;
    const none = { version: 0, traces: [], images: 0, uncompared: 0, passes, search: null };
    if (scenario === undefined) return none;
    const pass = passes === null ? 'correct is 1' : `the total reward is at least ${passes}`;
    const found = { groups, rollouts: 3160, rewarded: 3160, pass };
    const trace = (id: number, name: string, more: Partial<TraceOnImages> = {}): TraceOnImages => {
      return { trace: id, name, path: `/runs/${name}`, format: 'verl-dump', failure: null, found, ...more };
    };
    const broken = { failure: 'There is no such file any more.', found: null };
    const traces = [
      trace(1, 'qwen-7b/rollouts'),
      trace(2, 'sft/base.jsonl'),
      ...(scenario === 'broken' ? [trace(3, 'old/dump.jsonl', broken)] : []),
    ];
    const search = scenario === 'looking' ? { what: 'groups' as const, done: 12_000, total: 40_000 } : null;
    return { ...none, version, traces, images: 266, uncompared: 0, search };
  }

  private groups(index: number): readonly GroupOnImage[] {
    return [
      { trace: 1, by: 'file', summary: summaryOf(index, 30, 4) },
      { trace: 1, by: 'file', summary: summaryOf(index + 1, 20, 4) },
      { trace: 2, by: 'name', summary: summaryOf(index + 2, null, 2) },
    ];
  }
}

function summaryOf(group: number, step: number | null, size: number): GroupSummary {
  const rewards = Array.from({ length: size }, (_, member) => rewardOf(group, member) ?? 0);
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / size;
  return {
    group,
    key: `group ${group}`,
    step,
    title: 'How many red kites fly over the beach?',
    size,
    uncertain: false,
    meanReward: mean,
    stdReward: Math.sqrt(rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0) / Math.max(1, size - 1)),
    rollouts: rewards.map((reward, member) => {
      return { row: group * 8 + member, member, reward, step, badge: 'ok' as const, regions: 3 };
    }),
  };
}

/** Boxes count in an input of 2240 × 1512 pixels. */
function detailOf(summary: GroupSummary, group: number): GroupDetail {
  const spec = framePresets.find(({ id }) => id === 'qwen2.5-vl')?.spec ?? null;
  const inputSize = { width: 2240, height: 1512 };
  return {
    summary,
    rollouts: summary.rollouts.map(({ member, row }) => ({ ...fakeRollout(group, member, row), inputSize })),
    image: { kind: 'pending', reason: 'It is the image on show.' },
    frames: [{ dataSource: null, field: 'prediction', origin: 'format', spec, reason: 'The format fixes it.' }],
    truncated: [],
    tokenRows: [],
  };
}
