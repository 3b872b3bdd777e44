import { applyIntent, type RolloutsState } from '../../src/core/document/rolloutsState';
import type { FrameChoice, FrameEvidence, FrameField, FrameSpec } from '../../src/core/geometry/frame';
import { framePresets } from '../../src/core/geometry/framePresets';
import { halvedSizes, pyramidLevels, TILE_SIDE, tileBox } from '../../src/core/geometry/tilePyramid';
import { mappingProfile } from '../../src/core/reward/scoring/mappingProfile';
import { builtInProfiles, parseProfile } from '../../src/core/reward/scoring/profile';
import type { Problem } from '../../src/core/text/problem';
import { UserError } from '../../src/core/text/userError';
import type { Rollout } from '../../src/core/trajectory/rollout';
import { Channel, type Handlers, type Port } from '../../src/protocol/channel';
import {
  GROUP_PAGE,
  type GroupDetail,
  type GroupSummary,
  type ImageState,
  type RolloutSummary,
  type TraceInfo,
  type TraceProgress,
} from '../../src/protocol/data';
import type { SavedQuery } from '../../src/protocol/query';
import type {
  Paint,
  RolloutsHostEvents,
  RolloutsHostMethods,
  RolloutsWebviewEvents,
  RolloutsWebviewMethods,
} from '../../src/protocol/rollouts';
import type { ScoreResult } from '../../src/protocol/score';
import type { ViewChoice } from '../../src/protocol/share';
import { fakeComparison, fakeOther } from './fakeComparison';
import { FakeNotes } from './fakeNotes';
import { type FakeRun, fakeLooked, fakeMetrics, fakeOccurrences, fakeOverview, fakeScatter } from './fakeOverview';
import { FakePolicies } from './fakePolicies';
import { differsColumn, FakeQueries, fakeColumns } from './fakeQueries';
import { type FakeListed, fakeNext, fakeProgress } from './fakeReview';
import { fakeRollout, imageSize, question, rewardOf, shapeOf } from './fakeRollouts';
import { scene } from './fakeScene';
import { FakeSegment, fakeMasks, fakeModels } from './fakeSegment';
import { type TurnsKind, turnsOf, viewBox } from './fakeTurns';

/** What the page shows; every key has a usual value. */
export interface Scenario {
  /** Images are large enough for tiles. */
  readonly tiled?: boolean;
  readonly groups?: number;
  /** Rollouts of each group. */
  readonly size?: number;
  /** Milliseconds before every answer. */
  readonly delay?: number;
  readonly image?: 'resolved' | 'missing' | 'ambiguous' | 'broken' | 'bytes';
  readonly frame?: 'known' | 'unknown';
  readonly scanning?: boolean;
  readonly samples?: boolean;
  readonly regions?: number;
  readonly problems?: number;
  readonly failing?: boolean;
  /** Id of the reward profile that was chosen before. */
  readonly profile?: string;
  /** One of the user's profiles is wrong. */
  readonly brokenProfile?: boolean;
  readonly refuseIntents?: boolean;
  readonly run?: FakeRun;
  /** Rollouts of several turns instead of the usual ones. */
  readonly turns?: TurnsKind;
  /** The log holds components, and no total. */
  readonly noTotals?: boolean;
  /** How many masks people drew on the first group's image. */
  readonly masks?: number;
  /** The user's setting; later turns become wrong unless it says so. */
  readonly afterFirstError?: 'unset';
}

const spec = framePresets.find(({ id }) => id === 'qwen2.5-vl')?.spec ?? { kind: 'original' };

/** The extension's side of the channel over made-up data, in the page itself. */
export class FakeHost {
  readonly calls: string[] = [];
  readonly answered: string[] = [];
  /** Tiles that were asked for, as level/column/row. */
  readonly tiles: string[] = [];
  /** From now on nothing is answered: what still happens on screen did not wait for the host. */
  frozen = false;
  private state: RolloutsState = { revision: 1, frames: [], components: null, unsplit: [] };
  private known = 0;
  private scored = false;
  private profiles = builtInProfiles;
  /** Lets a pass over all rollouts come to its end. */
  finishScoring: () => void = () => undefined;
  /** What the user chooses when a view is saved. */
  viewChoice: ViewChoice = { format: 'svg', part: 'all', scale: 1, width: null };
  /** What was saved last. */
  savedView: string | Uint8Array = '';
  readonly policies = new FakePolicies((name, payload) => this.channel.emit(name, payload as never));
  readonly queries = new FakeQueries();
  readonly notes: FakeNotes;
  readonly segment = new FakeSegment();
  private saved: SavedQuery | null = null;
  /** What `image/mend` left behind. */
  private imageKind: Scenario['image'];
  readonly channel: Channel<RolloutsHostMethods, RolloutsWebviewMethods, RolloutsHostEvents, RolloutsWebviewEvents>;

  constructor(
    port: Port,
    readonly scenario: Scenario,
  ) {
    this.known = scenario.scanning ? 40 : this.groups;
    this.imageKind = scenario.image;
    this.notes = new FakeNotes(scenario.afterFirstError ?? 'wrong', fakeMasks(scenario.masks ?? 0));
    if (scenario.profile !== undefined) this.state = { ...this.state, profile: scenario.profile };
    this.channel = new Channel(port, this.delayed(this.handlers()));
  }

  private get run(): FakeRun {
    return this.scenario.run ?? { steps: 60 };
  }

  private get groups(): number {
    return this.scenario.groups ?? 400;
  }

  private size(group: number): number {
    if (this.scenario.samples) return 1;
    return this.scenario.size ?? (group % 7 === 5 ? 5 : 8);
  }

  /** Another view marks the first rollout reviewed. */
  someoneReviews(): void {
    const records = this.notes.review('7.jsonl\0row-0');
    this.channel.emit('notes/changed', { revision: this.notes.now, records });
  }

  /** Reveals more of the trace, as a scan does. */
  grow(more: number): void {
    const from = this.known;
    this.known = Math.min(this.groups, this.known + more);
    this.channel.emit('trace/progress', this.progress(from));
  }

  private progress(from: number): TraceProgress {
    const sizes = new Uint32Array(this.known - from);
    for (let i = 0; i < sizes.length; i++) sizes[i] = this.size(from + i);
    const share = this.groups === 0 ? 1 : this.known / this.groups;
    const rollouts = Array.from(sizes).reduce((sum, size) => sum + size, 0) + from * 8;
    return {
      traceId: 1,
      done: !this.scenario.scanning || this.known === this.groups,
      bytesRead: Math.round(1e9 * share),
      bytesTotal: 1e9,
      rollouts,
      samples: 0,
      measured: rollouts,
      groups: this.known,
      problems: this.scenario.problems ?? 0,
      sizesFrom: from,
      sizes,
    };
  }

  private step(group: number): number | null {
    return this.scenario.samples ? null : 1 + Math.floor(group / 16);
  }

  private members(group: number): RolloutSummary[] {
    const step = this.step(group);
    return Array.from({ length: this.size(group) }, (_, member) => {
      const shape = this.scenario.samples ? 'none' : shapeOf(group, member);
      const regions = shape === 'tools' ? 1 : shape === 'ok' || shape === 'repaired' ? (this.scenario.regions ?? 3) : 0;
      const badge = shape === 'tools' ? 'ok' : shape;
      const reward = this.scenario.samples || this.scenario.noTotals ? null : rewardOf(group, member);
      const facts = { row: group * this.stride + member, member, reward, step };
      return this.scenario.turns === 'labels'
        ? { ...facts, badge: 'none', regions: 0, preference: member % 2 === 0 ? 'chosen' : 'rejected' }
        : { ...facts, badge, regions };
    });
  }

  /** Rows between the first members of two groups. */
  private get stride(): number {
    return Math.max(8, this.scenario.size ?? 8);
  }

  private summary(group: number, view: number | null): GroupSummary {
    const size = this.size(group);
    const step = this.step(group);
    const members = this.members(group);
    const rewards = members.map(({ reward }) => reward);
    const sorted = view === null ? null : this.queries.sorted(view, group);
    const finite = rewards.filter((reward) => reward !== null && Number.isFinite(reward)) as number[];
    const mean = finite.reduce((sum, reward) => sum + reward, 0) / finite.length;
    const variance = finite.reduce((sum, reward) => sum + (reward - mean) ** 2, 0) / (finite.length - 1);
    return {
      group,
      key: `group-${group}`,
      step,
      title: question(group),
      size,
      uncertain: size === 5,
      meanReward: mean,
      stdReward: finite.length < 2 ? Number.NaN : Math.sqrt(variance),
      ...(sorted === null ? {} : { sorted }),
      rollouts: (view === null ? members : this.queries.members(view, group)).slice(0, GROUP_PAGE),
    };
  }

  private detail(group: number): GroupDetail {
    const summary = this.summary(group, null);
    const { regions, samples } = this.scenario;
    const wishes = { ...(regions === undefined ? {} : { regions }), ...(samples ? { sample: true } : {}) };
    return {
      summary,
      rollouts: summary.rollouts.map(({ row }, member) => {
        const { tokens: _, ...rollout } = this.turned(fakeRollout(group, member, row, wishes));
        return rollout;
      }),
      image: this.image(group),
      frames: [...this.frames(), ...this.state.frames],
      truncated: [],
      tokenRows: this.scenario.turns === 'tokens' ? summary.rollouts.map(({ row }) => row) : [],
    };
  }

  private turned(rollout: Rollout): Rollout {
    const told = this.scenario.noTotals ? { ...rollout, reward: null } : rollout;
    return this.scenario.turns === undefined ? told : turnsOf(this.scenario.turns, told);
  }

  private image(group: number): ImageState {
    switch (this.imageKind) {
      case 'missing':
        return {
          kind: 'missing',
          reason: 'The log names no image, and no dataset of the run was found to join one from.',
          tried: [
            'No .hydra/config.yaml in this folder or the three above it',
            'Setting saccade.datasets is empty',
            'No image named “beach” beside the log',
          ],
        };
      case 'ambiguous':
        return {
          kind: 'ambiguous',
          reason: 'The prompt occurs more than once in the dataset, with the same ground truth.',
          candidates: Array.from({ length: 4 }, (_, i) => ({
            ref: {
              kind: 'table' as const,
              dataset: '/data/train.parquet',
              row: 812 * (i + 1),
              column: 'images',
              index: 0,
            },
            label: `train.parquet row ${812 * (i + 1)}`,
          })),
        };
      default:
        return {
          kind: 'resolved',
          ref: { kind: 'table', dataset: '/data/train.parquet', row: group, column: 'images', index: 0 },
          how: 'joined from train.parquet by prompt',
          count: 1,
        };
    }
  }

  private frames(): FrameChoice[] {
    const { turns } = this.scenario;
    const decided = this.scenario.frame !== 'unknown';
    const reason = decided
      ? 'The run’s config states the processor’s pixel bounds.'
      : 'Original pixels and the model input fit the boxes almost equally well.';
    const choice = (field: FrameField, known: boolean, of: FrameSpec): FrameChoice => ({
      dataSource: null,
      field,
      spec: known ? of : null,
      origin: known ? 'config' : 'undecided',
      reason,
    });
    return [
      choice('prediction', decided, turns === 'gui' ? { kind: 'relative1000' } : spec),
      choice('tool', decided, turns === 'zoom' ? { kind: 'relative1' } : spec),
      {
        dataSource: null,
        field: 'groundTruth',
        spec: { kind: 'original' },
        origin: 'format',
        reason: 'The format says so.',
      },
    ];
  }

  private info(): TraceInfo {
    const evidence = framePresets.map(
      (preset, i): FrameEvidence => ({
        spec: preset.spec,
        sameAs: i === 2 ? (framePresets[1]?.spec ?? null) : null,
        boxes: 1180,
        insideShare: [0.981, 0.994, 0.994, 0.412, 0.993, 0.21, 0.004][i] ?? 0,
        meanIou: [0.612, 0.634, 0.634, 0.081, 0.611, 0.05, Number.NaN][i] ?? 0,
      }),
    );
    return {
      format: 'verl-dump',
      formatTitle: 'verl rollout dump',
      files: ['1.jsonl'],
      rollouts: this.groups * 8,
      samples: 0,
      groups: this.groups,
      uncertainGroups: 3,
      steps: [1, 2, 3],
      fields: ['format', 'coverage_rate'],
      rewardComponents: [],
      absent: [],
      frames: this.frames().map((choice) => ({ dataSource: null, field: choice.field, choice, evidence })),
      images: { resolved: 1, ambiguous: 0, missing: 0 },
      badges: { ok: 1, repaired: 1, malformed: 1, none: 1 },
      troubledFiles: [],
      config: null,
      problems: Array.from({ length: Math.min(1000, this.scenario.problems ?? 0) }, (_, i) => problem(i)),
      problemCount: this.scenario.problems ?? 0,
    };
  }

  private async picture(
    group: number,
    box: { x1: number; y1: number; x2: number; y2: number },
    side: number,
  ): Promise<Paint> {
    if (this.imageKind === 'missing' || this.imageKind === 'ambiguous')
      return { kind: 'error', message: 'This prompt has no image.' };
    if (this.imageKind === 'broken')
      return {
        kind: 'error',
        message: 'train.parquet row 12, column images: these bytes are no image (they begin with “<!DOC”).',
      };
    const whole = { x1: 0, y1: 0, x2: imageSize.width, y2: imageSize.height };
    if (this.imageKind === 'bytes') {
      const { blob } = await scene(group, whole, 10_000);
      return { kind: 'bytes', bytes: new Uint8Array(await blob.arrayBuffer()), mime: 'image/jpeg' };
    }
    const { blob, width, height } = await scene(group, box, side);
    return { kind: 'uri', uri: URL.createObjectURL(blob), size: { width, height }, original: imageSize };
  }

  private listed(view: number | null): FakeListed {
    const members = (group: number) => (view === null ? this.members(group) : this.queries.members(view, group));
    return {
      groups: view === null ? Array.from({ length: this.known }, (_, group) => group) : this.queries.groups(view),
      size: (group) => (view === null ? this.size(group) : members(group).length),
      members,
      reviewed: this.notes.reviewed,
      groupOf: (row) => Math.floor(row / this.stride),
    };
  }

  /** Half way at once; the rest when somebody lets it, or never. */
  private async scoreAll(signal: AbortSignal): Promise<ScoreResult> {
    const total = this.known * 8;
    this.channel.emit('score/progress', { done: total / 2, total });
    await new Promise<void>((resolve, reject) => {
      this.finishScoring = resolve;
      signal.addEventListener('abort', () => reject(signal.reason));
    });
    this.scored = true;
    return { scored: total, totals: total, differing: 12 };
  }

  private handlers(): Handlers<RolloutsHostMethods> {
    return {
      'editor/ready': () => {
        if (this.scenario.failing) throw new UserError('steps/7.jsonl is open in another window that is writing it.');
        return {
          name: this.scenario.samples ? 'active-o3-samples' : 'grpo_lvis_small_7b',
          format: this.scenario.turns === 'zoom' ? 'mini-o3' : 'verl-dump',
          formatTitle: this.scenario.samples ? 'V* sample' : 'verl rollout dump',
          reason: 'Files named {step}.jsonl whose rows hold input, output and score',
          state: this.state,
          progress: this.progress(0),
          samples: true,
          testHook: true,
        };
      },
      'trace/groups': ({ start, count, view }) => {
        const ids = view === null ? null : this.queries.groups(view);
        const end = Math.min(ids?.length ?? this.known, start + count);
        return Array.from({ length: Math.max(0, end - start) }, (_, i) =>
          this.summary(ids?.[start + i] ?? start + i, view),
        );
      },
      'trace/members': ({ group, start, count, view }) =>
        (view === null ? this.members(group) : this.queries.members(view, group)).slice(start, start + count),
      'sample/show': () => null,
      'notes/copyLink': () => null,
      'share/choose': () => this.viewChoice,
      'share/save': ({ content }) => {
        this.savedView = content;
        return true;
      },
      'share/html': () => true,
      'trace/columns': () => (this.scored ? [...fakeColumns, differsColumn] : fakeColumns),
      'trace/query': async ({ query }, signal) => {
        const searched = query.chips.some((chip) => chip.kind === 'text' && chip.text === 'slow');
        if (searched) this.channel.emit('filter/progress', { done: 34, total: 100 });
        if (searched || query.where === 'slow')
          await new Promise((_, reject) => signal.addEventListener('abort', reject));
        return this.queries.query(query, this.known, (group) => this.members(group));
      },
      'filters/save': ({ query }) => {
        this.saved = { name: 'kept', query };
        return this.saved;
      },
      'filters/pick': () => this.saved,
      'trace/group': ({ group }) => this.detail(group),
      'overview/steps': ({ columns, right }) => fakeOverview(this.run, columns, right),
      'overview/metrics': () => fakeMetrics(this.run),
      'overview/looked': () => fakeLooked(this.run),
      'overview/scatter': () => fakeScatter(this.run),
      'trace/occurrences': ({ group }) => fakeOccurrences(group, this.known),
      'compare/choose': () => fakeOther,
      'compare/run': ({ column, right, kind }) => fakeComparison(this.known, column, right, kind),
      'compare/group': ({ group }) => this.detail(group),
      'trace/rollout': ({ row }) => this.turned(fakeRollout(Math.floor(row / this.stride), row % this.stride, row)),
      'trace/info': () => this.info(),
      'score/profiles': () => ({
        profiles: this.profiles,
        problems: this.scenario.brokenProfile
          ? ['/run/mine.json: The reward profile is not understood: id must be a text.']
          : [],
      }),
      'score/saveProfile': ({ components }) => {
        const written = mappingProfile('mine', 'My weights', components);
        this.profiles = [...this.profiles, parseProfile(written)];
        return 'mine';
      },
      'score/python': () => {
        this.scored = true;
        return { title: 'reward.py:f', scored: 8, totals: 7, differing: 2, missing: 1, reason: 'The reward failed.' };
      },
      'score/all': (_, signal) => this.scoreAll(signal),
      'image/preview': ({ group, maxSide }) =>
        this.picture(group, { x1: 0, y1: 0, x2: imageSize.width, y2: imageSize.height }, maxSide),
      'image/region': ({ group, box, maxSide }) => this.picture(group, box, maxSide),
      ...this.policies.methods,
      'image/pyramid': () => (this.scenario.tiled ? { levels: halvedSizes(imageSize) } : null),
      'image/tile': ({ group, ...place }) => {
        const box = tileBox(imageSize, pyramidLevels(halvedSizes(imageSize)), place);
        if (box === null) throw new UserError('There is no such tile.');
        this.tiles.push(`${place.level}/${place.column}/${place.row}`);
        return this.picture(group, box, TILE_SIDE);
      },
      'image/view': async ({ row, observation, maxSide }) => {
        const rollout = this.turned(fakeRollout(Math.floor(row / 8), row % 8, row));
        const part = viewBox(this.scenario.turns, rollout.observations?.[observation]);
        if (part === null) return null;
        const { blob, width, height } = await scene(Math.floor(row / 8), part, maxSide);
        const original = { width: part.x2 - part.x1, height: part.y2 - part.y1 };
        return { kind: 'uri', uri: URL.createObjectURL(blob), size: { width, height }, original };
      },
      'image/mend': ({ how }) => {
        if (how !== 'chooseImage') return null;
        this.imageKind = 'resolved';
        this.channel.emit('groups/stale', {});
        return null;
      },
      'editor/intent': ({ intent }) => {
        if (this.scenario.refuseIntents)
          throw new UserError('The journal cannot be written: no space left on the disk.');
        const next = applyIntent(this.state, intent);
        this.state = { ...next, revision: this.state.revision + 1 };
        return this.state;
      },
      'notes/group': ({ group }) => this.notes.group(group, this.members(group)),
      'notes/edit': ({ diff }) => {
        if (this.scenario.refuseIntents)
          throw new UserError('The journal cannot be written: no space left on the disk.');
        const records = this.notes.edit(diff);
        this.channel.emit('notes/changed', { revision: this.notes.now, records });
        return this.notes.now;
      },
      'segment/models': () => fakeModels,
      'segment/choose': () => null,
      'segment/addModel': () => null,
      'segment/run': (prompt) => this.segment.run(prompt),
      'segment/prepare': () => this.segment.prepare(),
      'segment/restart': () => {
        this.segment.trouble = null;
        return null;
      },
      'review/next': ({ view, ...step }) => fakeNext(this.listed(view), step),
      'review/progress': ({ view }) => fakeProgress(this.listed(view)),
      'editor/openLog': () => null,
      'editor/openPlace': () => null,
      'editor/copy': () => null,
      'editor/showLog': () => null,
      'editor/restart': () => null,
      'editor/alive': () => null,
      'editor/focus': () => null,
    };
  }

  private delayed(handlers: Handlers<RolloutsHostMethods>): Handlers<RolloutsHostMethods> {
    const wrapped = Object.entries(handlers).map(([name, handler]) => [
      name,
      async (params: never, signal: AbortSignal) => {
        this.calls.push(name);
        if (this.frozen) await new Promise(() => undefined);
        if (this.scenario.delay !== undefined) await new Promise((resolve) => setTimeout(resolve, this.scenario.delay));
        const answer = await handler(params, signal);
        this.answered.push(name);
        return answer;
      },
    ]);
    return Object.fromEntries(wrapped) as Handlers<RolloutsHostMethods>;
  }
}

function problem(i: number): Problem {
  const some: Problem[] = [
    {
      severity: 'error',
      file: '3.jsonl',
      line: 128,
      element: null,
      field: null,
      message: 'The line ends in the middle of a string: the file was cut off while it was written.',
    },
    {
      severity: 'warning',
      file: '2.jsonl',
      line: 17,
      element: null,
      field: 'score',
      message: 'NaN is read as “not a number”.',
    },
    {
      severity: 'error',
      file: 'wandb/config.yaml',
      line: null,
      element: null,
      field: 'data.train_files',
      message: 'No such file: /data/lvis/train.parquet',
    },
    {
      severity: 'warning',
      file: '2.jsonl',
      line: 40,
      element: 2,
      field: 'gts',
      message: 'A box needs four numbers; this one has three.',
    },
  ];
  return some[i % some.length] as Problem;
}
