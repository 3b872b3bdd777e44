import type { Box } from '../../src/core/geometry/box';
import type { LiveHostEvents, LiveHostMethods } from '../../src/protocol/live';

const thoughts = [
  '<think>The sign hangs over the door at the right; its letters are small from here.',
  'There may be more of them near the kerb, half hidden by the parked van.',
  'I would look at both, and at the shop window between them, once more.</think>',
];

/** Policies as the host asks them, at the pace that a test sets. */
export class FakePolicies {
  /** Who is asked: a server that says something, or the person at the page. */
  asked: 'server' | 'person' = 'server';
  /** What a person drew. */
  drawn: readonly Box[] | null = null;
  opened = 0;
  private job: string | null = null;
  private count = 0;

  constructor(private readonly emit: <K extends keyof LiveHostEvents>(name: K, payload: LiveHostEvents[K]) => void) {}

  readonly methods: LiveHostMethods = {
    'live/ask': ({ count, drawn }) => {
      if (this.asked === 'person' && drawn === null) return { kind: 'draw', maxRegions: 3 };
      this.drawn = drawn;
      this.count = drawn === null ? (count ?? 8) : 1;
      const job = 'job 1';
      this.job = job;
      setTimeout(() => {
        const policy = drawn === null ? 'qwen2.5-vl' : 'person';
        this.emit('live/started', {
          job,
          policy,
          count: this.count,
          question: 'What is written on the sign over the door?',
          to: 'policy-rollouts.jsonl',
        });
      }, 0);
      return { kind: 'started', job };
    },
    'live/cancel': () => {
      if (this.job !== null) this.emit('live/ended', { job: this.job, error: null, cancelled: true });
      return null;
    },
    'live/open': () => {
      this.opened++;
      return null;
    },
  };

  /** Some of them are through, some speak, some wait. */
  say(): void {
    const { job } = this;
    if (job === null) return;
    for (let rollout = 0; rollout < this.count; rollout++) {
      if (rollout % 4 === 3) continue;
      for (const [at, more] of thoughts.slice(0, 1 + (rollout % 3)).entries())
        this.emit('live/text', { job, rollout, sensing: true, more: `${more} `, fresh: at === 0 });
      if (rollout % 4 === 1) this.emit('live/rollout', { job, rollout, regions: 3, malformed: null, answer: 'BAKERY' });
      if (rollout % 4 === 2)
        this.emit('live/rollout', {
          job,
          rollout,
          regions: 0,
          malformed: 'There is no JSON in the answer.',
          answer: null,
        });
    }
  }

  end(error: string | null): void {
    if (this.job !== null) this.emit('live/ended', { job: this.job, error, cancelled: false });
  }
}
