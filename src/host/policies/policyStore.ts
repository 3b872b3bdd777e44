import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { basicPolicy, type PolicySpec, parsePolicy, personPolicy, type ServerSpec } from '../../core/policy/policySpec';
import type { JsonValue } from '../../core/text/jsonValue';
import { UserError } from '../../core/text/userError';
import type { KeyedPolicy } from '../../protocol/policy';
import { settings } from '../ids';
import { resolveUserPath } from '../userPath';

/** What there is to choose from, and one sentence for each entry of the setting that is no policy. */
export interface PolicyList {
  /** The one that ships first, then a person, then the user's own; names are unique. */
  readonly policies: readonly PolicySpec[];
  readonly problems: readonly string[];
}

/**
 * The policies of the user's own settings, and their keys, which VS Code's secret storage keeps. A workspace can set neither, and
 * in one that is not trusted no server is asked.
 */
export class PolicyStore {
  constructor(private readonly secrets: vscode.SecretStorage) {}

  list(): PolicyList {
    const policies: PolicySpec[] = [basicPolicy, personPolicy];
    const problems: string[] = [];
    const set: unknown = vscode.workspace.getConfiguration().get(settings.policies);
    for (const value of Array.isArray(set) ? set : []) {
      try {
        const spec = parsePolicy(value as JsonValue, (path) => resolveUserPath(path, null, homedir()));
        if (spec.kind !== 'server')
          problems.push(vscode.l10n.t('{0}: only servers are set; the others are there.', spec.name));
        else if (policies.some(({ name }) => name === spec.name))
          problems.push(vscode.l10n.t('Another policy is named {0}.', spec.name));
        else policies.push(spec);
      } catch (error) {
        if (!UserError.is(error)) throw error;
        problems.push(error.message);
      }
    }
    return { policies, problems };
  }

  /** A policy ready to be asked. Throws `UserError` where there is none of that name, or where servers may not be asked. */
  async keyed(name: string): Promise<KeyedPolicy> {
    const spec = this.list().policies.find((policy) => policy.name === name);
    if (spec === undefined) throw new UserError(vscode.l10n.t('There is no policy named {0} in the settings.', name));
    if (spec.kind !== 'server') return { spec, key: null };
    if (!vscode.workspace.isTrusted)
      throw new UserError(vscode.l10n.t('Servers are asked only in a workspace that you trust.'));
    return { spec, key: (await this.secrets.get(secretOf(spec))) ?? null };
  }

  async setKey(spec: ServerSpec, key: string): Promise<void> {
    if (key === '') await this.secrets.delete(secretOf(spec));
    else await this.secrets.store(secretOf(spec), key);
  }
}

/** A key belongs to addresses: a policy that comes to point elsewhere does not take it along. */
function secretOf({ name, baseUrls }: ServerSpec): string {
  return `saccade.policy:${JSON.stringify([name, ...baseUrls])}`;
}
