import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Reply } from '../../../core/policy/policyRollout';
import { UserError } from '../../../core/text/userError';

/**
 * The finished calls of one group in a file, a line each, written as soon as the answer is there and before anybody is told: whatever
 * is killed next, the call need not be made again.
 */
export class CallJournal {
  private constructor(
    private readonly path: string | null,
    private readonly known: ReadonlyMap<string, Reply>,
    private torn: boolean,
  ) {}

  /** Without a path nothing is kept. A line that a killed writer tore is passed over. */
  static async open(path: string | null): Promise<CallJournal> {
    if (path === null) return new CallJournal(null, new Map(), false);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw new UserError(`${path}: finished calls cannot be read (${error.code ?? error.message})`);
    });
    const entries = text.split('\n').flatMap(entryIn);
    return new CallJournal(path, new Map(entries), text !== '' && !text.endsWith('\n'));
  }

  /** Null for a call that is yet to be made. */
  find(call: string): Reply | null {
    return this.known.get(call) ?? null;
  }

  /** Not flushed: what the system was handed survives the end of this process. */
  add(call: string, reply: Reply): void {
    if (this.path === null) return;
    appendFileSync(this.path, `${this.torn ? '\n' : ''}${JSON.stringify([call, reply])}\n`);
    this.torn = false;
  }
}

function entryIn(line: string): readonly (readonly [string, Reply])[] {
  if (line === '') return [];
  try {
    const value: unknown = JSON.parse(line);
    if (!Array.isArray(value)) return [];
    const call: unknown = value[0];
    const reply = value[1] as Partial<Reply> | null | undefined;
    return typeof call === 'string' && typeof reply?.text === 'string' ? [[call, reply as Reply]] : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
