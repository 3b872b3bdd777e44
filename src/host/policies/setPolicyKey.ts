import * as vscode from 'vscode';
import type { ServerSpec } from '../../core/policy/policySpec';
import { settings } from '../ids';
import type { PolicyStore } from './policyStore';

/** *Saccade: Set Policy Key*: asks for a server's key and keeps it among VS Code's secrets; nothing typed takes it away. */
export async function setPolicyKey(store: PolicyStore): Promise<void> {
  const { policies, problems } = store.list();
  const servers = policies.filter((policy): policy is ServerSpec => policy.kind === 'server');
  if (servers.length === 0) {
    await offerSettings(problems);
    return;
  }
  const picked = await vscode.window.showQuickPick(
    servers.map((spec) => ({ label: spec.name, description: spec.baseUrls.join(', '), spec })),
    { placeHolder: vscode.l10n.t('Key for which policy?') },
  );
  if (picked === undefined) return;
  const key = await vscode.window.showInputBox({
    title: vscode.l10n.t('Key for {0}', picked.label),
    prompt: vscode.l10n.t('Kept among VS Code’s secrets. Leave it empty to remove the key.'),
    password: true,
    ignoreFocusOut: true,
  });
  if (key !== undefined) await store.setKey(picked.spec, key.trim());
}

async function offerSettings(problems: readonly string[]): Promise<void> {
  const open = vscode.l10n.t('Open Settings');
  const message = problems[0] ?? vscode.l10n.t('No server is set up as a policy yet.');
  if ((await vscode.window.showInformationMessage(message, open)) === open)
    await vscode.commands.executeCommand('workbench.action.openSettings', settings.policies);
}
