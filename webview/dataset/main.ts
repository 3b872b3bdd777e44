import '@vscode/codicons/dist/codicon.css';
import './styles/main.css';
import { watchHost } from '../rollouts/store/heartbeat';
import { errorText, type VsCodeApi } from '../rollouts/store/host';
import { keepFocus } from '../ui/keepFocus';
import { serveTests, startPage, whenShownAgain } from '../ui/startPage';
import { perform } from './actions';
import { buildEditor, type Editor } from './editor';
import { connectDatasetHost } from './store/host';

declare function acquireVsCodeApi(): VsCodeApi;

/** What this page speaks; the host refuses another. */
const protocolVersion = 1;

const api = acquireVsCodeApi();
let snapshot: () => unknown = () => null;
const host = connectDatasetHost(api, () => snapshot());

startPage({
  look: 'editor dataset',
  failed: 'These images cannot be shown',
  greet: () => host.call('editor/ready', { version: protocolVersion }, { deadline: Number.POSITIVE_INFINITY }),
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
  host.on('set/progress', (progress) => session.grow(progress));
  host.on('set/stale', () => session.renew());
  host.on('set/edited', ({ images }) => session.edited(images));
  host.on('edits/changed', ({ revision, images }) => editor.store.changed(revision, images));
  host.on('rollouts/changed', (state) => editor.rollouts.take(state));
  host.on('editor/reveal', ({ index }) => session.open(index));
  host.on('editor/perform', ({ action }) => void perform(editor, action));
  host.on('editor/failure', (failure) => session.failure.set(failure));
  session.reload.on(() => void resync(editor));
  watchHost(host, session.lost);
  session.lost.on((lost) => {
    if (!lost) void resync(editor);
  });
  const focus = () => (session.mode.value === 'grid' ? editor.grid.focus() : editor.detail.focus());
  keepFocus(focus);
  whenShownAgain(() => void resync(editor));
}

async function resync({ session, store, rollouts }: Editor): Promise<void> {
  try {
    const welcome = await host.call('editor/ready', { version: protocolVersion });
    session.grow(welcome.progress);
    session.failure.set(null);
    await rollouts.load();
    await store.reload();
  } catch (error) {
    session.report(error);
  }
}
