import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** Only the webview's own bundle, the shipped media and the picture cache may be read by a webview. */
export function webviewOptions(extensionUri: vscode.Uri, cacheFolder: string): vscode.WebviewOptions {
  return {
    enableScripts: true,
    enableForms: false,
    // VS Code runs it itself: it must work when no host is there to run anything.
    enableCommandUris: ['workbench.action.reloadWindow'],
    localResourceRoots: [
      vscode.Uri.joinPath(extensionUri, 'dist', 'webview'),
      vscode.Uri.joinPath(extensionUri, 'media'),
      vscode.Uri.file(cacheFolder),
    ],
  };
}

/** The page that loads one bundle of dist/webview. Data comes by messages, never in the page. */
export function webviewHtml(webview: vscode.Webview, extensionUri: vscode.Uri, bundle: 'rollouts' | 'dataset'): string {
  const nonce = randomBytes(16).toString('base64');
  const uri = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'webview', file));
  const policy = [
    `default-src 'none'`,
    `img-src ${webview.cspSource} blob: data:`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `connect-src ${webview.cspSource}`,
    `worker-src blob:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uri(`${bundle}.css`)}">
<title>Saccade</title>
</head>
<body data-saccade="${bundle}">
<main id="app"></main>
<script nonce="${nonce}" src="${uri(`${bundle}.js`)}"></script>
</body>
</html>`;
}
