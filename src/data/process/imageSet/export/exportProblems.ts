import type { Problem } from '../../../../core/text/problem';

const most = 100;

/** What is wrong in an export: the first are told, all are counted. */
export class ExportProblems {
  readonly told: Problem[] = [];
  count = 0;

  add(problem: Problem): void {
    this.count++;
    if (this.told.length < most) this.told.push(problem);
  }
}
