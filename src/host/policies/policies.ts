import { join } from 'node:path';
import type * as vscode from 'vscode';
import type { PolicySample } from '../../core/policy/policyRollout';
import type { Children } from '../children';
import type { RolloutsEditors } from '../editors/rolloutsEditors';
import { type CommandHandlers, commands } from '../ids';
import { targetUris } from '../targets';
import { addPolicy } from './addPolicy';
import { PolicyChoice } from './choosePolicy';
import { DatasetRuns } from './datasetRuns';
import { askAbout, isImageFile, proposeOnFile } from './policyCommands';
import { PolicyStore } from './policyStore';
import { PolicyTraceFile } from './policyTraceFile';
import { type Sampled, type SampledTrace, Samplings } from './samplings';
import { setPolicyKey } from './setPolicyKey';
import { showSampled } from './showSampled';

type Named =
  | 'runPolicy'
  | 'policyRuns'
  | 'proposeRegions'
  | 'addPolicy'
  | 'setPolicyKey'
  | 'choosePolicy'
  | 'choosePolicyTrace';

/** Everything of this window that asks policies. */
export class Policies implements vscode.Disposable {
  readonly samplings: Samplings;
  private readonly runs: DatasetRuns;
  private readonly store: PolicyStore;
  readonly choice: PolicyChoice;
  readonly trace: PolicyTraceFile;
  readonly show: (trace: SampledTrace) => Promise<void>;

  /** `editors`: known once editors are made, which need this. */
  constructor(
    context: vscode.ExtensionContext,
    private readonly children: Children,
    private readonly editors: () => RolloutsEditors,
    bug: (doing: string, error: unknown) => void,
  ) {
    this.store = new PolicyStore(context.secrets);
    this.choice = new PolicyChoice(context.workspaceState, this.store);
    this.trace = new PolicyTraceFile(context.workspaceState);
    this.show = (trace) => showSampled(editors(), trace);
    const { store: policies, choice, trace, show } = this;
    const storage = (context.storageUri ?? context.globalStorageUri).fsPath;
    const journals = join(storage, 'policy-calls');
    const folder = join(storage, 'policy-runs');
    const entry = context.asAbsolutePath(join('dist', 'saccade.js'));
    this.runs = new DatasetRuns({ entry, folder, state: context.workspaceState, choice, store: policies, bug });
    this.samplings = new Samplings({ children, policies, journals, choice, trace, show, bug });
  }

  handlers(): Pick<CommandHandlers, (typeof commands)[Named]> {
    return {
      [commands.runPolicy]: (...args) => this.runs.start(args),
      [commands.policyRuns]: () => this.runs.show(),
      [commands.proposeRegions]: (...args) => this.propose(args),
      [commands.addPolicy]: () => addPolicy(this.children, this.store),
      [commands.setPolicyKey]: () => setPolicyKey(this.store),
      [commands.choosePolicy]: () => this.choice.choose(),
      [commands.choosePolicyTrace]: () => this.trace.choose(),
    };
  }

  /** Asks whom and what about an image; null when the user thought better of it. */
  ask(sample: PolicySample): Promise<Sampled | null> {
    return askAbout(sample, this);
  }

  dispose(): void {
    this.runs.dispose();
    this.samplings.dispose();
  }

  /** On an image file by its menu, else on what the active editor shows. */
  private async propose(args: readonly unknown[]): Promise<void> {
    const panel = this.editors().active;
    if (panel !== null && !isImageFile(targetUris(args)[0])) panel.perform('propose');
    else await proposeOnFile(args, this);
  }
}
