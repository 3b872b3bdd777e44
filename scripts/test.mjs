/**
 * The whole suite on a fresh clone: installs what is missing, then stage by stage, each with its minutes, and one line
 * `N passed, M failed, K skipped` at the end. `--only unit,e2e` chooses stages; `--filter TEXT` chooses test files whose
 * path contains it. Stages: build, types, lint, unit (with contract and process), package, host, panels (pages without VS Code), e2e.
 * Of stages side by side, all but the first print once they have ended.
 * Files in which something failed are run once more where processes and windows race; see `runTests`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrapOrExit } from './bootstrap.mjs';
import { root } from './lib/machine.mjs';
import { failedFiles, joinRuns, readResults, TestReport, testFiles } from './lib/testReport.mjs';

/** Folder under `test/` → the stage that runs it. A test anywhere else is run by nobody, and fails the suite. */
const stageOfKind = { unit: 'unit', contract: 'unit', process: 'unit', package: 'package', host: 'host', e2e: 'e2e' };
/** Pages without VS Code around them, in a browser of their own. */
const isPanel = (file) => /^test\/e2e\/(panels|canvas)\//.test(file);
const stageOf = (file) => (isPanel(file) ? 'panels' : stageOfKind[file.split('/')[1]]);
/** One after the other; each is lanes side by side, a lane is stages one after the other. */
const order = [[['build']], [['types'], ['lint']], [['unit']], [['package']], [['host']], [['panels']], [['e2e']]];
const stageNames = order.flat(2);

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
  chromium: only.some((stage) => ['host', 'e2e', 'panels'].includes(stage)),
});

const results = join(root, 'test-results');
const report = new TestReport();
const minutes = [];
const all = testFiles();
const filesOf = (stage) => all.filter((file) => stageOf(file) === stage && file.includes(filter));

/** A place for what a lane prints: the terminal, or memory until the lane ends. */
class Lane {
  text = '';

  constructor(live) {
    this.live = live;
  }

  print(text) {
    if (this.live) process.stdout.write(text);
    else this.text += text;
  }

  /** Runs Node with `args`; whether it ended well. */
  run(...args) {
    const env = { ...process.env, VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true' };
    const child = spawn(node, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => this.print(text));
    return new Promise((resolve) => {
      child.on('error', () => resolve(false));
      child.on('close', (code) => resolve(code === 0));
    });
  }
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
async function runTests(lane, json, files, runner) {
  const attempt = async (some) => {
    rmSync(json, { force: true });
    const ok = await lane.run(...runner, ...some);
    const results = readResults(json);
    if (!ok && failedFiles(results, some).length === 0) report.check(false);
    return { ok, results };
  };
  const first = await attempt(files);
  const bad = failedFiles(first.results, files);
  const again = bad.filter(mayRace);
  if (again.length === 0 || again.length > mostAgain) {
    report.add(first.results);
    return first.ok;
  }
  lane.print(`\n── once more: ${again.join(', ')}\n`);
  const second = await attempt(again);
  const { results, flaky } = joinRuns(first.results, second.results);
  report.add(results);
  report.flaky.push(...flaky);
  return failedFiles(results, bad).length === 0;
}

async function vitest(lane, stage, config) {
  const files = filesOf(stage);
  if (files.length === 0) return true;
  const json = join(results, `${stage}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${json}`];
  return runTests(lane, json, files, ['node_modules/vitest/vitest.mjs', 'run', `--config=${config}`, ...reporters]);
}

async function check(lane, ...args) {
  const ok = await lane.run(...args);
  report.check(ok);
  return ok;
}

/** Packages for this platform; the file's name reaches the tests as `SACCADE_VSIX`. */
async function packageVsix(lane) {
  if (!existsSync(join(root, 'scripts', 'package.mjs'))) return true;
  if (!(await check(lane, 'scripts/package.mjs'))) return false;
  const vsix = readdirSync(join(root, 'dist')).find((name) => name.endsWith('.vsix'));
  if (vsix !== undefined) process.env.SACCADE_VSIX = join(root, 'dist', vsix);
  return vitest(lane, 'package', 'vitest.config.ts');
}

async function host(lane) {
  const files = filesOf('host');
  if (files.length === 0) return true;
  return runTests(lane, join(results, 'host.json'), files, ['scripts/runTs.mjs', 'test/host/runner.ts']);
}

const stages = {
  build: (lane) => check(lane, 'scripts/build.mjs'),
  types: (lane) => check(lane, 'scripts/types.mjs'),
  lint: (lane) => check(lane, 'node_modules/@biomejs/biome/bin/biome', 'check'),
  unit: (lane) => vitest(lane, 'unit', 'vitest.config.ts'),
  package: packageVsix,
  host,
  e2e: (lane) => vitest(lane, 'e2e', 'vitest.e2e.config.ts'),
  panels: (lane) => vitest(lane, 'panels', 'vitest.panels.config.ts'),
};
/** Stages that mean nothing when another failed. */
const needs = { unit: ['build'], package: ['build'], host: ['build'], e2e: ['build', 'package'] };

mkdirSync(results, { recursive: true });
const failedStages = [];
const notRun = [];

async function runStage(name, lane) {
  const missing = needs[name]?.find((stage) => failedStages.includes(stage));
  if (missing !== undefined) {
    lane.print(`\n── ${name}: not run, because ${missing} failed\n`);
    failedStages.push(name);
    notRun.push(name);
    return;
  }
  lane.print(`\n── ${name}\n`);
  const start = Date.now();
  if (!(await stages[name](lane))) failedStages.push(name);
  minutes.push(`${name} ${((Date.now() - start) / 60_000).toFixed(2)}`);
}

async function runLane(names, live) {
  const lane = new Lane(live);
  for (const name of names) await runStage(name, lane);
  return lane.text;
}

for (const lanes of order) {
  const asked = lanes.map((names) => names.filter((stage) => only.includes(stage))).filter(({ length }) => length > 0);
  for (const text of await Promise.all(asked.map((names, at) => runLane(names, at === 0)))) process.stdout.write(text);
}

const due = all.filter((file) => {
  const stage = stageOf(file);
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
