import '@vscode/codicons/dist/codicon.css';
import './styles/main.css';
import { watchHost } from '../rollouts/store/heartbeat';
import { errorText, type VsCodeApi } from '../rollouts/store/host';
import { registerControls } from '../ui/controls';
import { div, fill, span } from '../ui/dom';
import { icon } from '../ui/icon';
import { linkButton } from '../ui/iconButton';
import { keepFocus } from '../ui/keepFocus';
import { perform } from './actions';
import { buildEditor, type Editor } from './editor';
import { connectDatasetHost, type DatasetHost } from './store/host';

declare function acquireVsCodeApi(): VsCodeApi;

/** What this page speaks; the host refuses another. */
const protocolVersion = 1;

function start(): void {
  registerControls();
  const api = acquireVsCodeApi();
  const root = div('editor dataset');
  fill(document.querySelector('main') ?? document.body, root);
  let snapshot: () => unknown = () => null;
  const host = connectDatasetHost(api, () => snapshot());
  const open = async () => {
    try {
      const welcome = await host.call(
        'editor/ready',
        { version: protocolVersion },
        { deadline: Number.POSITIVE_INFINITY },
      );
      const editor = buildEditor(root, host, api, welcome);
      if (welcome.testHook) {
        snapshot = editor.snapshot;
        Object.assign(window, { saccadeTest: { snapshot } });
      }
      listen(host, editor);
    } catch (error) {
      showFailure(root, host, errorText(error), () => void open());
    }
  };
  void open();
}

function listen(host: DatasetHost, editor: Editor): void {
  const { session } = editor;
  host.on('set/progress', (progress) => session.grow(progress));
  host.on('set/stale', () => session.renew());
  host.on('set/edited', ({ images }) => session.edited(images));
  host.on('edits/changed', ({ revision, images }) => editor.store.changed(revision, images));
  host.on('editor/perform', ({ action }) => void perform(editor, action));
  host.on('editor/failure', (failure) => session.failure.set(failure));
  session.reload.on(() => void resync(host, editor));
  watchHost(host, session.lost);
  session.lost.on((lost) => {
    if (!lost) void resync(host, editor);
  });
  const focus = () => (session.mode.value === 'grid' ? editor.grid.focus() : editor.detail.focus());
  keepFocus(focus);
  // A hidden webview may have missed messages: what the host says now wins.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void resync(host, editor);
  });
}

async function resync(host: DatasetHost, { session, store }: Editor): Promise<void> {
  try {
    const welcome = await host.call('editor/ready', { version: protocolVersion });
    session.grow(welcome.progress);
    session.failure.set(null);
    await store.reload();
  } catch (error) {
    session.report(error);
  }
}

function showFailure(root: HTMLElement, host: DatasetHost, message: string, again: () => void): void {
  const showLog = linkButton('Show Log', () => void host.call('editor/showLog', {}));
  const reload = linkButton('Reload', again);
  const title = div('note-title', icon('error'), span('', 'These images cannot be shown'));
  fill(root, div('empty-note', title, div('note-text', message), div('note-links', reload, showLog)));
}

start();
