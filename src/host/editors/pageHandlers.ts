import * as vscode from 'vscode';
import { commands } from '../ids';

/** What the page of any editor asks of the window around it. `focused`: whether the keyboard is on the canvas. */
export function pageHandlers(log: vscode.LogOutputChannel, focused: (canvas: boolean) => void) {
  return {
    'editor/copy': async ({ text }: { text: string }): Promise<null> => {
      await vscode.env.clipboard.writeText(text);
      return null;
    },
    'editor/showLog': (): null => {
      log.show();
      return null;
    },
    'editor/restart': async (): Promise<null> => {
      await vscode.commands.executeCommand(commands.restart);
      return null;
    },
    'editor/alive': (): null => null,
    'editor/focus': ({ canvas }: { canvas: boolean }): null => {
      focused(canvas);
      return null;
    },
  };
}
