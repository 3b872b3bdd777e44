import type { ByteSource } from '../core/ports';
import { pythonNumber } from './pythonNumber';
import { readEntries, rewardText } from './r1vEntries';
import { readFormatBody } from './r1vFormat';
import { headerIn, holdsHeader } from './r1vHeader';

/** Few enough that a row waits for little more than its own record. */
const pieceBytes = 1024 * 1024;

/** A log of one reward, read piece by piece as far as somebody asks, and remembered by what was judged. */
export class CompanionLog {
  private readonly rewards = new Map<number, number>();
  /** Keys that were judged differently. */
  private readonly disputed = new Set<number>();
  private readonly decoder = new TextDecoder('utf-8');
  private reading: Promise<void> | null = null;
  /** Bytes read so far. */
  private at = 0;
  /** The record that these end in. */
  private open = '';

  constructor(
    private source: ByteSource,
    readonly field: string,
    /** Whether the reward depends on the solution. */
    readonly bySolution: boolean,
    public size: number,
  ) {}

  get file(): string {
    return this.source.path;
  }

  /** The file is as long as it was, or longer. */
  grow(source: ByteSource, size: number): void {
    this.source = source;
    this.size = size;
  }

  /** The reward under a key (`judgedKey`); null where the log has none. */
  async find(key: number): Promise<number | 'disputed' | null> {
    while (!this.rewards.has(key) && this.at < this.size) await this.more();
    return this.disputed.has(key) ? 'disputed' : (this.rewards.get(key) ?? null);
  }

  /** Who asks meanwhile waits for the same piece. */
  private more(): Promise<void> {
    this.reading ??= this.piece().finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  private async piece(): Promise<void> {
    const bytes = await this.source.read(this.at, Math.min(pieceBytes, this.size - this.at));
    // A file that was cut off meanwhile ends here.
    this.at = bytes.length === 0 ? this.size : this.at + bytes.length;
    const text = this.open + this.decoder.decode(bytes, { stream: true });
    const starts = [...text.matchAll(/^-{12,13} ?\d\d-\d\d-\d\d-\d\d-\d{6} /gm)].map(({ index }) => index);
    for (const [i, start] of starts.slice(0, -1).entries()) this.add(text.slice(start, starts[i + 1]));
    this.open = text.slice(starts.at(-1) ?? 0);
    if (this.at >= this.size) this.add(this.open);
  }

  private add(record: string): void {
    for (const { key, reward } of judgedIn(record, this.field === 'format_reward', this.bySolution)) {
      const other = this.rewards.get(key);
      if (other !== undefined && !Object.is(other, reward)) this.disputed.add(key);
      this.rewards.set(key, reward);
    }
  }
}

interface Verdict {
  readonly key: number;
  readonly reward: number;
}

/** What a record judged; nothing of one that several ranks wrote into. */
function judgedIn(record: string, isFormat: boolean, bySolution: boolean): readonly Verdict[] {
  const end = record.indexOf('\n');
  const found = headerIn(record.slice(0, Math.max(0, end)));
  if (found === null || holdsHeader(record)) return [];
  const body = record.slice(end + 1);
  if (isFormat) {
    const { judged } = /^format reward/i.test(found.label) ? readFormatBody(body) : { judged: [] };
    return judged.map(({ content, reward }) => ({ key: judgedKey(content, ''), reward }));
  }
  const entries = /accuracy reward/i.test(found.label) ? readEntries(body) : '';
  if (typeof entries === 'string') return [];
  const reward = pythonNumber(rewardText(entries, found.label));
  const { content, solution } = entries;
  return reward === null ? [] : [{ key: judgedKey(content, bySolution ? solution : ''), reward }];
}

/**
 * 53 bits of two FNV-1a hashes over UTF-16 units: a million texts meet by chance once in ten thousand runs. Of a solution only the
 * letters and digits of its last answer count: the cosine reward logs it cleaned (VLM-R1's `clean_text`).
 */
export function judgedKey(content: string, solution: string): number {
  const text = solution === '' ? content : `${content}\n${cleaned(solution)}`;
  let first = 0x811c9dc5;
  let second = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    first = Math.imul(first ^ unit, 0x01000193);
    second = Math.imul(second ^ unit, 0x5bd1e995);
  }
  return (first >>> 0) * 2 ** 21 + (second >>> 11);
}

function cleaned(solution: string): string {
  const close = solution.lastIndexOf('</answer>');
  const open = close < 0 ? -1 : solution.lastIndexOf('<answer>', close);
  const answer = open < 0 ? solution : solution.slice(open + '<answer>'.length, close);
  return answer.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
