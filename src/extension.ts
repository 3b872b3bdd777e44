import type * as vscode from 'vscode';
import { startHost, type TestApi } from './host/host';

/** Wires only: no process is started and no native module is loaded before a trace is looked at. */
export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  const start = performance.now();
  const activated = startHost(context);
  return activated(performance.now() - start);
}
