import { ChannelError } from '../../../protocol/channel';

/** Lets at most `lanes` through at once, first come first served. */
export class Gate {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly lanes: number) {}

  /** Who is cancelled while waiting leaves the queue with `ChannelError` (`cancelled`). */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.enter(signal);
    try {
      return await work();
    } finally {
      this.inside--;
      this.waiting.shift()?.();
    }
  }

  private async enter(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new ChannelError('cancelled', 'cancelled');
    if (this.inside < this.lanes) {
      this.inside++;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const turn = () => {
        signal.removeEventListener('abort', leave);
        this.inside++;
        resolve();
      };
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(turn), 1);
        reject(new ChannelError('cancelled', 'cancelled'));
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(turn);
    });
  }
}
