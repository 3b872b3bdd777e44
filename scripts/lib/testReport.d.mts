export interface TestResult {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
}
/** Test file → its tests. */
export type TestResults = ReadonlyMap<string, readonly TestResult[]>;
export function testFiles(): string[];
export function readResults(json: string): TestResults;
export function failedFiles(results: TestResults, files: readonly string[]): string[];
export function joinRuns(
  first: TestResults,
  second: TestResults,
): { readonly results: TestResults; readonly flaky: readonly string[] };
export class TestReport {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly reported: Set<string>;
  readonly flaky: string[];
  readonly summary: string;
  check(ok: boolean): void;
  add(results: TestResults): void;
}
