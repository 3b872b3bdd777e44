import type * as vscode from 'vscode';

export interface PageLink {
  readonly label: string;
  readonly command: string;
}

/** Options for a page that runs no script; only the commands it links to may be invoked from it. */
export function messagePageOptions(links: readonly PageLink[]): vscode.WebviewOptions {
  return { enableScripts: false, localResourceRoots: [], enableCommandUris: links.map((link) => link.command) };
}

/** What stands in an editor that cannot show its document: the reason, and what to do about it. */
export function messagePage(title: string, message: string, links: readonly PageLink[]): string {
  const items = links.map(({ label, command }) => `<a href="command:${escapeHtml(command)}">${escapeHtml(label)}</a>`);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<title>Saccade</title>
</head>
<body data-saccade="message">
<main>
<h2>${escapeHtml(title)}</h2>
<p>${escapeHtml(message)}</p>
<p>${items.join(' · ')}</p>
</main>
</body>
</html>`;
}

/** Messages name the user's files, whose names may hold anything. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
