import type { Reply } from '../../../core/policy/policyRollout';
import type { PolicyEvents, ProposeRequest } from '../../../protocol/policy';
import type { CallJournal } from './callJournal';

export type Emit = <K extends keyof PolicyEvents>(name: K, payload: PolicyEvents[K]) => void;

/** The calls of one group: those an earlier run finished are not made again, and each that finishes is kept and told of at once. */
export class GroupCalls {
  constructor(
    private readonly request: ProposeRequest,
    private readonly journal: CallJournal,
    private readonly emit: Emit,
  ) {}

  /** Whether the call was made before. */
  knows(call: string): boolean {
    return this.journal.find(call) !== null;
  }

  async once(call: string, make: () => Promise<Reply>): Promise<Reply> {
    const before = this.journal.find(call);
    if (before !== null) return before;
    const reply = await make();
    this.journal.add(call, reply);
    this.emit('policy/replied', { job: this.request.job, call });
    return reply;
  }

  /** Null where nobody reads along. */
  told(rollout: number, call: string): ((more: string, fresh: boolean) => void) | null {
    const { job, stream } = this.request;
    return stream ? (more, fresh) => this.emit('policy/text', { job, rollout, call, more, fresh }) : null;
  }

  readonly onWait = (reason: string, ms: number): void => {
    this.emit('policy/waiting', { job: this.request.job, reason, ms });
  };
}

export const senseCall = (rollout: number) => `${rollout}/sense`;
export const taskCall = (rollout: number, which: number | 'all' | 'start') => `${rollout}/${which}`;
