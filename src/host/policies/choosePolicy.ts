import * as vscode from 'vscode';
import type { PolicySample } from '../../core/policy/policyRollout';
import type { PolicySpec } from '../../core/policy/policySpec';
import { commands, settings } from '../ids';
import type { PolicyStore } from './policyStore';

const chosenKey = 'saccade.policies.chosen';
const taskKey = 'saccade.policies.task';
const nobody = '';

/** Who is asked where to look, and who works on the crops; null for nobody. */
export interface Chosen {
  readonly policy: PolicySpec;
  readonly task: PolicySpec | null;
}

/** Which policy is asked: the one asked last, until the user chooses another. */
export class PolicyChoice {
  constructor(
    private readonly state: vscode.Memento,
    private readonly store: PolicyStore,
  ) {}

  /** What was chosen last; the policy that ships before anything was. */
  current(): Chosen {
    const { policies } = this.store.list();
    const named = (key: string) => policies.find(({ name }) => name === this.state.get<unknown>(key));
    const policy = named(chosenKey) ?? policies.find(({ kind }) => kind === 'basic') ?? policies[0];
    if (policy === undefined) throw new Error('the policy that ships is missing');
    return { policy, task: policy.kind === 'server' ? policy : (named(taskKey) ?? null) };
  }

  /** Null when dismissed. */
  async choose(): Promise<Chosen | null> {
    const { policies, problems } = this.store.list();
    const now = this.current();
    const add = { label: vscode.l10n.t('$(add) Add an Endpoint…'), policy: null };
    const items = policies.map((policy) => ({ ...itemOf(policy), policy }));
    const broken = problems.map((detail) => ({
      label: vscode.l10n.t('$(warning) Not understood'),
      detail,
      policy: undefined,
    }));
    const said = await pick([...items, add, ...broken], vscode.l10n.t('Who is asked where to look?'), now.policy.name);
    if (said === undefined) return null;
    if (said.policy === undefined) {
      await vscode.commands.executeCommand('workbench.action.openSettings', settings.policies);
      return null;
    }
    if (said.policy === null) {
      await vscode.commands.executeCommand(commands.addPolicy);
      return null;
    }
    const { policy } = said;
    await this.state.update(chosenKey, policy.name);
    if (policy.kind === 'server') return { policy, task: policy };
    const task = await this.chooseTask(policies, now.task);
    return task === undefined ? null : { policy, task };
  }

  /** Undefined when dismissed. Without an endpoint there is nobody to ask about. */
  private async chooseTask(
    policies: readonly PolicySpec[],
    now: PolicySpec | null,
  ): Promise<PolicySpec | null | undefined> {
    const servers = policies.filter(({ kind }) => kind === 'server');
    if (servers.length === 0) return null;
    const none = { label: vscode.l10n.t('Nobody: regions alone'), description: nobody, policy: null };
    const items = [none, ...servers.map((policy) => ({ ...itemOf(policy), policy }))];
    const said = await pick(items, vscode.l10n.t('Who works on the crops?'), now?.name ?? nobody);
    if (said === undefined) return undefined;
    await this.state.update(taskKey, said.policy?.name);
    return said.policy;
  }
}

/** The question as the user wants it asked; undefined when dismissed. */
export async function askQuestion(sample: PolicySample): Promise<PolicySample | undefined> {
  const finds = sample.object !== null;
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Propose Regions'),
    prompt: finds ? vscode.l10n.t('What is to be found?') : vscode.l10n.t('The question about the picture'),
    value: sample.object ?? sample.question ?? '',
    placeHolder: vscode.l10n.t('What is written on the sign?'),
    ignoreFocusOut: true,
  });
  if (text === undefined) return undefined;
  const said = text.trim() === '' ? null : text.trim();
  return finds ? { ...sample, object: said } : { ...sample, question: said };
}

function itemOf(policy: PolicySpec): { readonly label: string; readonly description: string; readonly detail: string } {
  switch (policy.kind) {
    case 'server':
      return {
        label: `$(server) ${policy.name}`,
        description: policy.model ?? vscode.l10n.t('the first model it names'),
        detail: policy.baseUrls.join(', '),
      };
    case 'basic':
      return {
        label: `$(circle-large) ${policy.name}`,
        description: vscode.l10n.t('ships with Saccade'),
        detail: vscode.l10n.t('Looks where the picture stands out. It reads no question.'),
      };
    case 'person':
      return {
        label: `$(account) ${policy.name}`,
        description: vscode.l10n.t('you'),
        detail: vscode.l10n.t('You draw the regions on the picture.'),
      };
  }
}

function pick<T extends vscode.QuickPickItem>(items: readonly T[], placeHolder: string, now: string) {
  const marked = items.map((item) =>
    item.label.endsWith(` ${now}`) && now !== nobody
      ? { ...item, description: `${item.description ?? ''} · ${vscode.l10n.t('asked last')}` }
      : item,
  );
  return vscode.window.showQuickPick(marked, {
    title: vscode.l10n.t('Ask a Policy'),
    placeHolder,
    ignoreFocusOut: true,
  });
}
