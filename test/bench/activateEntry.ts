/** Loaded by a fresh extension host: reads what activating Saccade cost there. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';

export interface ActivateMeasure {
  /** Milliseconds inside `activate()`, as the extension itself measures them. */
  readonly activate: number;
  /** Shared objects of the extension's own dependencies in the process. */
  readonly natives: readonly string[];
}

export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('saccade.saccade');
  if (extension === undefined) throw new Error('Saccade is not among the extensions');
  const { activationMs } = (await extension.activate()) as { readonly activationMs: number };
  const report = process.report.getReport() as unknown as { readonly sharedObjects: readonly string[] };
  const ours = join(extension.extensionPath, 'node_modules');
  const measure: ActivateMeasure = {
    activate: activationMs,
    natives: report.sharedObjects.filter((file) => file.startsWith(ours) || /sharp|duckdb/i.test(file)),
  };
  const target = process.env.SACCADE_BENCH_RESULT;
  if (target === undefined) throw new Error('SACCADE_BENCH_RESULT names no file');
  writeFileSync(target, JSON.stringify(measure));
}
