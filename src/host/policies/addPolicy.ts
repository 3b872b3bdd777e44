import * as vscode from 'vscode';
import { parsePolicy, type ServerSpec } from '../../core/policy/policySpec';
import { UserError } from '../../core/text/userError';
import type { KeyedPolicy, PolicyCheck } from '../../protocol/policy';
import type { Children } from '../children';
import { messageOf } from '../failures';
import { settings } from '../ids';
import type { PolicyStore } from './policyStore';

const usual = 'http://localhost:8000/v1';

/** *Saccade: Add Policy Endpoint…*: asks for address and key, looks which models there are, and writes the setting. */
export async function addPolicy(children: Children, store: PolicyStore): Promise<void> {
  if (!vscode.workspace.isTrusted)
    throw new UserError(vscode.l10n.t('Endpoints are asked in trusted workspaces only.'));
  const title = vscode.l10n.t('Add Policy Endpoint');
  const baseURL = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Address of an OpenAI-compatible server: vLLM, SGLang, llama.cpp, Ollama, LM Studio …'),
    value: usual,
    ignoreFocusOut: true,
    validateInput: (text) => wrongAddress(text),
  });
  if (baseURL === undefined) return;
  const free = (text: string) => freeName(text, store);
  const spec = serverAt(baseURL.trim(), free(baseURL));
  const key = await askKey(spec);
  if (key === undefined) return;
  const check = await look(children, { spec, key });
  if (check === null) return;
  const model = await chooseModel(check, title);
  if (model === undefined) return;
  const name = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Its name here. {0}', check.convention),
    value: free(model ?? baseURL),
    ignoreFocusOut: true,
    validateInput: (text) => (taken(text.trim(), store) ? vscode.l10n.t('This name is taken.') : undefined),
  });
  if (name === undefined) return;
  const config = vscode.workspace.getConfiguration();
  const known = config.inspect<readonly unknown[]>(settings.policies)?.globalValue ?? [];
  const entry = { name: name.trim(), baseURL: baseURL.trim(), ...(model === null ? {} : { model }) };
  await config.update(settings.policies, [...known, entry], vscode.ConfigurationTarget.Global);
  if (key !== null) await store.setKey({ ...spec, name: entry.name }, key);
  void vscode.window.showInformationMessage(
    vscode.l10n.t('{0} can be asked now: Shift+B proposes regions, Shift+Z samples a group.', entry.name),
  );
}

function serverAt(baseURL: string, name: string): ServerSpec {
  const spec = parsePolicy({ name, baseURL }, (path) => path);
  if (spec.kind !== 'server') throw new Error('an address makes a server');
  return spec;
}

function wrongAddress(text: string): string | undefined {
  try {
    serverAt(text.trim(), 'endpoint');
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** Servers on the user's own machines mostly need none: null. Undefined when dismissed. */
async function askKey(spec: ServerSpec): Promise<string | null | undefined> {
  const without = { label: vscode.l10n.t('No key'), detail: vscode.l10n.t('It is on this machine, or asks for none') };
  const enter = { label: vscode.l10n.t('Enter its key…'), detail: vscode.l10n.t('It is kept among VS Code’s secrets') };
  const said = await vscode.window.showQuickPick([without, enter], {
    title: vscode.l10n.t('Add Policy Endpoint'),
    placeHolder: vscode.l10n.t('Does {0} need a key?', spec.baseUrls.join(', ')),
    ignoreFocusOut: true,
  });
  if (said !== enter) return said === undefined ? undefined : null;
  const key = await vscode.window.showInputBox({
    title: vscode.l10n.t('Key of {0}', spec.baseUrls.join(', ')),
    password: true,
    ignoreFocusOut: true,
  });
  if (key === undefined) return undefined;
  return key.trim() === '' ? null : key.trim();
}

/** What the server is; where it does not answer the user may go on without. Null when dismissed. */
async function look(children: Children, keyed: KeyedPolicy): Promise<PolicyCheck | null> {
  const location = vscode.ProgressLocation.Notification;
  const title = vscode.l10n.t('Asking {0} for its models', keyed.spec.name);
  try {
    return await vscode.window.withProgress({ location, title, cancellable: true }, async (_, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      return children.policies.check(keyed, stop.signal);
    });
  } catch (error) {
    if (!UserError.is(error)) return null;
    const anyway = vscode.l10n.t('Add It Anyway');
    const said = await vscode.window.showWarningMessage(error.message, { modal: true }, anyway);
    return said === anyway ? { models: [], model: null, convention: '' } : null;
  }
}

/** Null for whatever the server names first; undefined when dismissed. */
async function chooseModel({ models }: PolicyCheck, title: string): Promise<string | null | undefined> {
  if (models.length < 2) return models[0] ?? null;
  return vscode.window.showQuickPick(models, {
    title,
    placeHolder: vscode.l10n.t('Which model?'),
    ignoreFocusOut: true,
  });
}

function freeName(text: string, store: PolicyStore): string {
  const base =
    text
      .replace(/^https?:\/\//, '')
      .split('/')
      .filter((part) => part !== 'v1')
      .at(-1) ?? 'endpoint';
  for (let at = 1; ; at++) {
    const name = at === 1 ? base : `${base} ${at}`;
    if (!taken(name, store)) return name;
  }
}

function taken(name: string, store: PolicyStore): boolean {
  return store.list().policies.some((policy) => policy.name === name);
}
