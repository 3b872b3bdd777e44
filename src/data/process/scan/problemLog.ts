import type { Problem } from '../../../core/text/problem';
import { maxRowBytes } from './lines';

/** Problems kept whole; the rest are only counted. */
const kept = 1000;

/** What is wrong in a trace's files. A million bad rows cost the memory of a thousand. */
export class ProblemLog {
  private readonly list: Problem[] = [];
  private total = 0;

  add(problem: Problem): void {
    this.total++;
    if (this.list.length < kept) this.list.push(problem);
  }

  /** Counts problems of which nothing else is kept. */
  skip(count: number): void {
    this.total += count;
  }

  /** Takes back problems that are over. */
  withdraw(problems: readonly Problem[]): void {
    for (const problem of problems) {
      const at = this.list.indexOf(problem);
      if (at >= 0) this.list.splice(at, 1);
      this.total--;
    }
  }

  get count(): number {
    return this.total;
  }

  get problems(): readonly Problem[] {
    return this.list;
  }
}

/** A problem of a whole file. */
export function fileProblem(file: string, message: string): Problem {
  return { severity: 'error', file, line: null, element: null, field: null, message };
}

/** A problem of a whole row. */
export function rowProblem(
  file: string,
  line: number,
  message: string,
  severity: Problem['severity'] = 'error',
): Problem {
  return { severity, file, line, element: null, field: null, message };
}

/** A row, or with `line` null a file, that is longer than is read. */
export function tooLong(file: string, line: number | null, length: number, element: number | null = null): Problem {
  const what = line === null ? 'The file' : 'The row';
  const message = `${what} is ${Math.round(length / 1e6)} MB long; rows up to ${maxRowBytes / 2 ** 20} MiB are read.`;
  return { severity: 'error', file, line, element, field: null, message };
}
