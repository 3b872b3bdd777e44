/** Loaded by a fresh extension host: measures what loading and activating Saccade costs there. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';

export interface ActivateMeasure {
  /** Milliseconds to load `dist/extension.js`. */
  readonly load: number;
  /** Milliseconds inside `activate()`, as the extension itself measures them. */
  readonly activate: number;
  /** Milliseconds from asking VS Code to activate the loaded extension until it says so, with VS Code's own part. */
  readonly asked: number;
  /** Shared objects that activation brought into the process. */
  readonly natives: readonly string[];
}

function sharedObjects(): readonly string[] {
  const report = process.report.getReport() as unknown as { readonly sharedObjects: readonly string[] };
  return report.sharedObjects;
}

export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('saccade.saccade');
  if (extension === undefined) throw new Error('Saccade is not among the extensions');
  if (extension.isActive) throw new Error('Saccade was active before it was measured');
  const before = new Set(sharedObjects());
  const start = performance.now();
  require(join(extension.extensionPath, extension.packageJSON.main));
  const loaded = performance.now();
  const { activationMs } = (await extension.activate()) as { readonly activationMs: number };
  const measure: ActivateMeasure = {
    load: loaded - start,
    activate: activationMs,
    asked: performance.now() - loaded,
    natives: sharedObjects().filter((file) => !before.has(file)),
  };
  const target = process.env.SACCADE_BENCH_RESULT;
  if (target === undefined) throw new Error('SACCADE_BENCH_RESULT names no file');
  writeFileSync(target, JSON.stringify(measure));
}
