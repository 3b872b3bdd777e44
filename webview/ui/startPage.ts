import { registerControls } from './controls';
import { div, fill, span } from './dom';
import { icon } from './icon';
import { linkButton } from './iconButton';

/** What an editor's page is made of. */
export interface PageParts<Welcome> {
  /** Classes of its outermost element. */
  readonly look: string;
  /** Heads what is shown when the page cannot be. */
  readonly failed: string;
  greet(): Promise<Welcome>;
  /** Builds the editor into `root`. */
  build(root: HTMLElement, welcome: Welcome): void;
  errorText(error: unknown): string;
  showLog(): void;
}

/** Builds an editor's page; what goes wrong on the way stands in its place, and can be tried again. */
export function startPage<Welcome>(parts: PageParts<Welcome>): void {
  registerControls();
  const root = div(parts.look);
  fill(document.querySelector('main') ?? document.body, root);
  const open = async () => {
    try {
      parts.build(root, await parts.greet());
    } catch (error) {
      const links = div(
        'note-links',
        linkButton('Reload', () => void open()),
        linkButton('Show Log', () => parts.showLog()),
      );
      const title = div('note-title', icon('error'), span('', parts.failed));
      fill(root, div('empty-note', title, div('note-text', parts.errorText(error)), links));
    }
  };
  void open();
}

/** A hidden webview may have missed messages: `again` asks the host, whose word now wins. */
export function whenShownAgain(again: () => void): void {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') again();
  });
}

/** Tests may look at a page by `snapshot`, which VS Code's own page does not show. */
export function serveTests(snapshot: () => unknown): void {
  Object.assign(window, { saccadeTest: { snapshot } });
}
