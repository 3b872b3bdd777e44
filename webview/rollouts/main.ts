import '@vscode/codicons/dist/codicon.css';
import './styles/main.css';
import { keepFocus } from '../ui/keepFocus';
import { serveTests, startPage, whenShownAgain } from '../ui/startPage';
import { perform } from './actions';
import { buildEditor, type Editor } from './editor';
import { revealLinked } from './share/copyLink';
import { watchHost } from './store/heartbeat';
import { connectHost, errorText, type VsCodeApi } from './store/host';

declare function acquireVsCodeApi(): VsCodeApi;

/** What this page speaks; the host refuses another. */
const protocolVersion = 1;

const api = acquireVsCodeApi();
let snapshot: () => unknown = () => null;
const host = connectHost(api, () => snapshot());

startPage({
  look: 'editor',
  failed: 'This trace cannot be shown',
  greet: () => host.call('editor/ready', { version: protocolVersion }),
  build: (root, welcome) => {
    const editor = buildEditor(root, host, api, welcome);
    if (welcome.testHook) {
      snapshot = editor.snapshot;
      serveTests(snapshot);
    }
    listen(editor);
  },
  errorText,
  showLog: () => void host.call('editor/showLog', {}),
});

function listen(editor: Editor): void {
  const { session } = editor;
  host.on('trace/progress', (progress) => session.grow(progress));
  host.on('state/changed', (state) => session.predicted.confirm(state));
  host.on('notes/changed', ({ revision, records }) => session.notes.changed(revision, records));
  host.on('groups/stale', () => session.invalidate());
  host.on('editor/reveal', (found) => revealLinked(session, found));
  host.on('editor/perform', ({ action }) => void perform(editor, action));
  host.on('editor/failure', (failure) => session.failure.set(failure));
  session.reload.on(() => void resync(editor));
  watchHost(host, session.lost);
  session.lost.on((lost) => {
    if (!lost) void resync(editor);
  });
  keepFocus(() => editor.list.focus());
  whenShownAgain(() => void resync(editor));
}

async function resync({ session }: Editor): Promise<void> {
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
