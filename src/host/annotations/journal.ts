import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnnotationDiff } from '../../core/annotation/diff';
import { isNoteAt } from '../../core/annotation/noteShapes';
import type { JsonValue } from '../../core/text/jsonValue';

/**
 * Edits of one document that are in no sidecar yet, a line each, flushed to the disk before anybody is told that they are
 * done: VS Code's own backup comes a second after an edit, and a host that dies takes that second with it. Two windows on one
 * trace write into one journal: each takes out only its own lines, and those that it brought back.
 */
export class Journal {
  readonly path: string;
  private queue: Promise<void> = Promise.resolve();
  /** Stands in each line of this window. */
  private readonly window = randomUUID();
  private appended = false;
  /** Lines of other windows that were read here: this window saves or gives up what they say. */
  private readonly adopted = new Set<string>();

  /**
   * @param folder of this workspace's storage.
   * @param document absolute path of the trace.
   */
  constructor(
    private readonly folder: string,
    document: string,
  ) {
    this.path = join(folder, `${createHash('sha256').update(document).digest('hex').slice(0, 32)}.jsonl`);
  }

  /** Resolves once the edit is on the disk. Throws what the file system refused. */
  append(diff: AnnotationDiff): Promise<void> {
    return this.next(async () => {
      await mkdir(this.folder, { recursive: true });
      const file = await open(this.path, 'a');
      try {
        // A host that died may have left half a line, which must not take this one with it.
        await file.appendFile(`${this.appended ? '' : '\n'}${this.lineOf(diff)}`);
        await file.sync();
        this.appended = true;
      } finally {
        await file.close();
      }
    });
  }

  /** Edits of a session that ended before it saved, in order; a torn last line never was acknowledged. */
  async read(): Promise<readonly AnnotationDiff[]> {
    return (await this.lines()).flatMap((line) => {
      this.adopted.add(line);
      const diff = diffOf(line);
      return diff === null ? [] : [diff];
    });
  }

  /** What is left once the rest was saved or given up. */
  replace(diffs: readonly AnnotationDiff[]): Promise<void> {
    return this.next(async () => {
      const own = `{"window":"${this.window}"`;
      const others = (await this.lines()).filter((line) => !line.startsWith(own) && !this.adopted.has(line));
      const text = others.map((line) => `${line}\n`).join('') + diffs.map((diff) => this.lineOf(diff)).join('');
      if (text === '') return rm(this.path, { force: true });
      const part = `${this.path}.${this.window.slice(0, 8)}.part`;
      await writeFile(part, text, { flush: true });
      await rename(part, this.path);
    });
  }

  private lineOf({ label, changes }: AnnotationDiff): string {
    return `${JSON.stringify({ window: this.window, label, changes })}\n`;
  }

  private async lines(): Promise<readonly string[]> {
    try {
      return (await readFile(this.path, 'utf8')).split('\n').filter((line) => line !== '');
    } catch {
      return [];
    }
  }

  private next(work: () => Promise<void>): Promise<void> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }
}

/** Null for a line that is no whole diff. */
function diffOf(line: string): AnnotationDiff | null {
  try {
    const value = JSON.parse(line) as JsonValue;
    if (!isDiff(value)) return null;
    const { label, changes } = value as unknown as AnnotationDiff;
    return { label, changes };
  } catch {
    return null;
  }
}

type Shape = { readonly [key: string]: JsonValue };

/** Whether a value from a webview or a file is an edit that may be applied. */
export function isDiff(value: JsonValue): boolean {
  if (!isObject(value) || typeof value.label !== 'string' || !Array.isArray(value.changes)) return false;
  return value.changes.length <= 100_000 && value.changes.every(isChange);
}

function isChange(value: JsonValue): boolean {
  if (!isObject(value)) return false;
  const { kind, key, hints, path, before, after } = value;
  if ((kind !== 'rollout' && kind !== 'group' && kind !== 'image') || typeof key !== 'string' || key.length > 5000)
    return false;
  if (!isObject(hints) || typeof hints.line !== 'number') return false;
  if (!Array.isArray(path) || !path.every((part: JsonValue) => typeof part === 'string')) return false;
  if (before === undefined || after === undefined) return false;
  return isNoteAt(kind, path as readonly string[], after) && isNoteAt(kind, path as readonly string[], before);
}

function isObject(value: JsonValue | undefined): value is Shape {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
