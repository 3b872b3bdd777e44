import '@vscode/codicons/dist/codicon.css';
import './styles/main.css';
import { registerControls } from '../ui/controls';
import { div, fill, span } from '../ui/dom';
import { icon } from '../ui/icon';
import { linkButton } from '../ui/iconButton';
import { perform } from './actions';
import { buildEditor, type Editor } from './editor';
import { connectHost, errorText, type Host, type VsCodeApi } from './store/host';

declare function acquireVsCodeApi(): VsCodeApi;

/** What this page speaks; the host refuses another. */
const protocolVersion = 1;

async function start(): Promise<void> {
  registerControls();
  const api = acquireVsCodeApi();
  const root = div('editor');
  document.body.replaceChildren(root);
  let editor: Editor | null = null;
  let underTest = false;
  const host = connectHost(api, () => (underTest && editor !== null ? editor.snapshot() : null));
  try {
    const welcome = await host.call('editor/ready', { version: protocolVersion });
    underTest = welcome.testHook;
    editor = buildEditor(root, host, api, welcome);
    if (welcome.testHook) Object.assign(window, { saccadeTest: { snapshot: editor.snapshot } });
    listen(host, editor);
  } catch (error) {
    showFailure(root, host, errorText(error));
  }
}

function listen(host: Host, editor: Editor): void {
  const { session } = editor;
  host.on('trace/progress', (progress) => session.grow(progress));
  host.on('state/changed', (state) => session.predicted.confirm(state));
  host.on('groups/stale', () => session.invalidate());
  host.on('editor/perform', ({ action }) => void perform(editor, action));
  host.on('editor/failure', (failure) => session.failure.set(failure));
  // A hidden webview may have missed messages: what the host says now wins.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void resync(host, editor);
  });
}

async function resync(host: Host, { session }: Editor): Promise<void> {
  try {
    const welcome = await host.call('editor/ready', { version: protocolVersion });
    session.predicted.confirm(welcome.state);
    session.grow(welcome.progress);
    session.failure.set(null);
  } catch (error) {
    session.report(error);
  }
}

function showFailure(root: HTMLElement, host: Host, message: string): void {
  const showLog = linkButton('Show Log', () => void host.call('editor/showLog', {}));
  const reload = linkButton('Reload', () => location.reload());
  const title = div('note-title', icon('error'), span('', 'This trace cannot be shown'));
  fill(root, div('empty-note', title, div('note-text', message), div('note-links', reload, showLog)));
}

void start();
