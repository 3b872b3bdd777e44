import * as vscode from 'vscode';
import type { DatasetAction } from '../protocol/datasetEditor';
import type { RolloutsAction } from '../protocol/rollouts';
import { DisposableStore } from './disposables';
import type { Failures } from './failures';
import { actionCommands, type CommandHandlers, datasetCommands } from './ids';

/** Handlers of the action commands: each asks the active editor to perform its action. */
export function actionHandlers(
  perform: (action: RolloutsAction) => void,
): Pick<CommandHandlers, (typeof actionCommands)[RolloutsAction]> {
  const entries = Object.entries(actionCommands).map(([action, id]) => [id, () => perform(action as RolloutsAction)]);
  return Object.fromEntries(entries) as Pick<CommandHandlers, (typeof actionCommands)[RolloutsAction]>;
}

/** As `actionHandlers`, of the dataset editor. */
export function datasetHandlers(
  perform: (action: DatasetAction) => void,
): Pick<CommandHandlers, (typeof datasetCommands)[DatasetAction]> {
  const entries = Object.entries(datasetCommands).map(([action, id]) => [id, () => perform(action as DatasetAction)]);
  return Object.fromEntries(entries) as Pick<CommandHandlers, (typeof datasetCommands)[DatasetAction]>;
}

/** Registers every command of the table; what a handler throws reaches the user through `failures`. */
export function registerCommands(handlers: CommandHandlers, failures: Failures): vscode.Disposable {
  const store = new DisposableStore();
  for (const [id, handler] of Object.entries(handlers)) {
    store.add(
      vscode.commands.registerCommand(id, async (...args: unknown[]) => {
        try {
          return await handler(...args);
        } catch (error) {
          // Not awaited: a command has ended when it failed, not when its message was closed.
          void failures.show(error, id);
          return undefined;
        }
      }),
    );
  }
  return store;
}
