import '@vscode/codicons/dist/codicon.css';
import './styles/main.css';
import { registerControls } from '../ui/controls';
import { div, fill, span } from '../ui/dom';
import { icon } from '../ui/icon';
import { linkButton } from '../ui/iconButton';
import { keepFocus } from '../ui/keepFocus';
import { perform } from './actions';
import { buildEditor, type Editor } from './editor';
import { revealLinked } from './share/copyLink';
import { watchHost } from './store/heartbeat';
import { connectHost, errorText, type Host, type VsCodeApi } from './store/host';

declare function acquireVsCodeApi(): VsCodeApi;

/** What this page speaks; the host refuses another. */
const protocolVersion = 1;

function start(): void {
  registerControls();
  const api = acquireVsCodeApi();
  const root = div('editor');
  fill(document.querySelector('main') ?? document.body, root);
  let snapshot: () => unknown = () => null;
  const host = connectHost(api, () => snapshot());
  const open = async () => {
    try {
      const welcome = await host.call('editor/ready', { version: protocolVersion });
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

function listen(host: Host, editor: Editor): void {
  const { session } = editor;
  host.on('trace/progress', (progress) => session.grow(progress));
  host.on('state/changed', (state) => session.predicted.confirm(state));
  host.on('notes/changed', ({ revision, records }) => session.notes.changed(revision, records));
  host.on('groups/stale', () => session.invalidate());
  host.on('editor/reveal', (found) => revealLinked(session, found));
  host.on('editor/perform', ({ action }) => void perform(editor, action));
  host.on('editor/failure', (failure) => session.failure.set(failure));
  session.reload.on(() => void resync(host, editor));
  watchHost(host, session.lost);
  session.lost.on((lost) => {
    if (!lost) void resync(host, editor);
  });
  keepFocus(() => editor.list.focus());
  // A hidden webview may have missed messages: what the host says now wins.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void resync(host, editor);
  });
}

async function resync(host: Host, { session }: Editor): Promise<void> {
  try {
    const welcome = await host.call('editor/ready', { version: protocolVersion });
    session.predicted.confirm(welcome.state);
    session.notes.reload();
    session.grow(welcome.progress);
    session.failure.set(null);
  } catch (error) {
    session.report(error);
  }
}

function showFailure(root: HTMLElement, host: Host, message: string, again: () => void): void {
  const showLog = linkButton('Show Log', () => void host.call('editor/showLog', {}));
  const reload = linkButton('Reload', again);
  const title = div('note-title', icon('error'), span('', 'This trace cannot be shown'));
  fill(root, div('empty-note', title, div('note-text', message), div('note-links', reload, showLog)));
}

start();
