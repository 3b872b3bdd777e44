import type { Problem } from '../../../../core/text/problem';
import type { SetTables } from '../setTables';
import type { FileWindow } from './fileWindow';

const newline = 10;
const piece = 4 * 2 ** 20;

type Placed = { -readonly [K in keyof Problem]: Problem[K] };

/** What is wrong in one COCO document. Lines are counted once, in the end, and only when somebody needs them. */
export class CocoProblems {
  private readonly placed: { readonly problem: Placed; readonly offset: number }[] = [];

  constructor(
    private readonly file: string,
    private readonly tables: SetTables,
  ) {}

  add(
    message: string,
    {
      offset = null,
      element = null,
      field = null,
      severity = 'error',
    }: Partial<Omit<Problem, 'file' | 'line' | 'message'>> & { readonly offset?: number | null },
  ): void {
    const problem: Placed = { severity, file: this.file, line: null, element, field, message };
    const before = this.tables.problems.problems.length;
    this.tables.problems.add(problem);
    if (offset !== null && this.tables.problems.problems.length > before) this.placed.push({ problem, offset });
  }

  /** Many at once, of which only the first few are told one by one. */
  count(more: number): void {
    this.tables.problems.skip(more);
  }

  /** Finds the lines of everything that was told. */
  async countLines(window: FileWindow): Promise<void> {
    this.placed.sort((a, b) => a.offset - b.offset);
    let [line, from] = [1, 0];
    for (const { problem, offset } of this.placed) {
      while (from < offset) {
        const bytes = await window.slice(from, Math.min(piece, offset - from));
        if (bytes.length === 0) break;
        for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) line++;
        from += bytes.length;
      }
      problem.line = line;
    }
  }
}
