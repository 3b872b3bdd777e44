/** Loaded by the extension host as its test program: runs the bundled test files with mocha and writes their results. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Status = 'passed' | 'failed' | 'pending';

/** Results of one test file in the shape of vitest's JSON reporter, as far as anybody reads it. */
export interface FileResult {
  readonly name: string;
  /** Why the file could not be loaded; empty when it was. */
  message: string;
  readonly assertionResults: {
    readonly fullName: string;
    readonly status: Status;
    readonly failureMessages: string[];
  }[];
}

/** VS Code calls this once the development extension is known. Rejects when a test failed. */
export async function run(): Promise<void> {
  const { default: Mocha } = await import('mocha');
  const files: string[] = JSON.parse(process.env.SACCADE_HOST_FILES ?? '[]');
  const results: FileResult[] = [];
  let failures = 0;
  for (const file of files) {
    const result: FileResult = { name: file, message: '', assertionResults: [] };
    results.push(result);
    failures += await runFile(new Mocha({ ui: 'bdd', timeout: 60_000, reporter: 'dot', color: false }), file, result);
  }
  const target = process.env.SACCADE_HOST_RESULTS;
  if (target !== undefined) writeFileSync(target, JSON.stringify({ testResults: results }));
  if (failures > 0) throw new Error(`${failures} failed`);
}

/** Resolves with the number of failures; a file that cannot be loaded is one. */
async function runFile(mocha: Mocha, file: string, result: FileResult): Promise<number> {
  const note = (test: Mocha.Runnable, status: Status, failureMessages: string[] = []) => {
    result.assertionResults.push({ fullName: test.fullTitle(), status, failureMessages });
  };
  mocha.addFile(join(__dirname, file.replace(/\.ts$/, '.js')));
  try {
    return await new Promise<number>((resolve) => {
      const runner = mocha.run(resolve);
      runner.on('pass', (test) => note(test, 'passed'));
      runner.on('pending', (test) => note(test, 'pending'));
      runner.on('fail', (test, error) => note(test, 'failed', [error.stack ?? error.message]));
    });
  } catch (error) {
    result.message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return 1;
  }
}
