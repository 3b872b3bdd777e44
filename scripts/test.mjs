/**
 * The whole suite on a fresh clone: installs what is missing, then stage by stage, each with its minutes, and one line
 * `N passed, M failed, K skipped` at the end. `--only unit,e2e` chooses stages; `--filter TEXT` chooses test files whose
 * path contains it. Stages: build, types, lint, unit (with contract and process), package, host, e2e.
 * Files in which something failed are run once more where processes and windows race; see `runTests`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrapOrExit } from './bootstrap.mjs';
import { root } from './lib/machine.mjs';
import { failedFiles, joinRuns, readResults, TestReport, testFiles } from './lib/testReport.mjs';

/** Folder under `test/` → the stage that runs it. A test anywhere else is run by nobody, and fails the suite. */
const stageOfKind = { unit: 'unit', contract: 'unit', process: 'unit', package: 'package', host: 'host', e2e: 'e2e' };
const stageNames = ['build', 'types', 'lint', 'unit', 'package', 'host', 'e2e'];

function option(name) {
  const at = process.argv.indexOf(name);
  return at < 0 ? null : (process.argv[at + 1] ?? '');
}

const only = option('--only')?.split(',') ?? stageNames;
const filter = option('--filter') ?? '';
for (const name of only.filter((stage) => !stageNames.includes(stage))) {
  console.error(`There is no stage "${name}"; stages are ${stageNames.join(', ')}.`);
  process.exit(1);
}

const { node } = await bootstrapOrExit({
  editor: true,
  chromium: only.some((stage) => ['host', 'e2e'].includes(stage)),
});

const results = join(root, 'test-results');
const report = new TestReport();
const minutes = [];
const all = testFiles();
const filesOf = (stage) => all.filter((file) => stageOfKind[file.split('/')[1]] === stage && file.includes(filter));

function run(...args) {
  const env = { ...process.env, VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true' };
  return spawnSync(node, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}

/** Tests of real processes, editors and browsers may lose a race on a busy machine; the others have none to lose. */
const mayRace = (file) => /^test\/(process|host|e2e)\//.test(file);
/** More files than this do not fail by accident. */
const mostAgain = 4;

/**
 * Runs test files with a runner that leaves its results in `json`. Files that failed run once more, all of them in one
 * fresh run, since tests of a file share a window and build on each other: what passes then is counted as passed and
 * told as flaky. A runner that fails without naming a failed test counts as one.
 */
function runTests(json, files, runner) {
  const attempt = (some) => {
    rmSync(json, { force: true });
    const ok = run(...runner, ...some);
    const results = readResults(json);
    if (!ok && failedFiles(results, some).length === 0) report.check(false);
    return { ok, results };
  };
  const first = attempt(files);
  const bad = failedFiles(first.results, files);
  const again = bad.filter(mayRace);
  if (again.length === 0 || again.length > mostAgain) {
    report.add(first.results);
    return first.ok;
  }
  console.log(`\n── once more: ${again.join(', ')}`);
  const second = attempt(again);
  const { results, flaky } = joinRuns(first.results, second.results);
  report.add(results);
  report.flaky.push(...flaky);
  return failedFiles(results, bad).length === 0;
}

function vitest(stage, config) {
  const files = filesOf(stage);
  if (files.length === 0) return true;
  const json = join(results, `${stage}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${json}`];
  return runTests(json, files, ['node_modules/vitest/vitest.mjs', 'run', `--config=${config}`, ...reporters]);
}

function check(...args) {
  const ok = run(...args);
  report.check(ok);
  return ok;
}

/** Packages for this platform; the file's name reaches the tests as `SACCADE_VSIX`. */
function packageVsix() {
  if (!existsSync(join(root, 'scripts', 'package.mjs'))) return true;
  if (!check('scripts/package.mjs')) return false;
  const vsix = readdirSync(join(root, 'dist')).find((name) => name.endsWith('.vsix'));
  if (vsix !== undefined) process.env.SACCADE_VSIX = join(root, 'dist', vsix);
  return vitest('package', 'vitest.config.ts');
}

function host() {
  const files = filesOf('host');
  return (
    files.length === 0 || runTests(join(results, 'host.json'), files, ['scripts/runTs.mjs', 'test/host/runner.ts'])
  );
}

const stages = {
  build: () => check('scripts/build.mjs'),
  types: () => check('scripts/types.mjs'),
  lint: () => check('node_modules/@biomejs/biome/bin/biome', 'check'),
  unit: () => vitest('unit', 'vitest.config.ts'),
  package: packageVsix,
  host,
  e2e: () => vitest('e2e', 'vitest.e2e.config.ts'),
};
/** Stages that mean nothing when another failed. */
const needs = { unit: ['build'], package: ['build'], host: ['build'], e2e: ['build', 'package'] };

mkdirSync(results, { recursive: true });
const failedStages = [];
const notRun = [];
for (const name of stageNames.filter((stage) => only.includes(stage))) {
  const missing = needs[name]?.find((stage) => failedStages.includes(stage));
  if (missing !== undefined) {
    console.log(`\n── ${name}: not run, because ${missing} failed`);
    failedStages.push(name);
    notRun.push(name);
    continue;
  }
  console.log(`\n── ${name}`);
  const start = Date.now();
  if (!stages[name]()) failedStages.push(name);
  minutes.push(`${name} ${((Date.now() - start) / 60_000).toFixed(2)}`);
}

const due = all.filter((file) => {
  const stage = stageOfKind[file.split('/')[1]];
  return stage === undefined ? filter === '' : only.includes(stage) && !notRun.includes(stage) && file.includes(filter);
});
const unreported = due.filter((file) => !report.reported.has(file));
for (const file of unreported) {
  console.error(`No runner reported a test of ${file}.`);
  report.check(false);
}
console.log(`\nMinutes: ${minutes.join(', ')}`);
if (failedStages.length > 0) console.log(`Failed: ${failedStages.join(', ')}`);
for (const test of report.flaky) console.log(`flaky: ${test}`);
console.log(report.summary);
process.exit(report.failed === 0 ? 0 : 1);
