import * as vscode from 'vscode';
import type { PolicySample } from '../../core/policy/policyRollout';
import { UserError } from '../../core/text/userError';
import { betweenQuestions } from '../betweenQuestions';
import { targetUris } from '../targets';
import { askQuestion, type PolicyChoice } from './choosePolicy';
import { groupSettings } from './groupSettings';
import { sampleOfFile } from './policySample';
import type { PolicyTraceFile } from './policyTraceFile';
import type { Sampled, SampledTrace, Samplings } from './samplings';

const imageNames = /\.(?:jpe?g|png|webp|tiff?|bmp|gif|avif)$/i;

/** Whether a command was called on an image file, and not on what an editor shows. */
export function isImageFile(uri: vscode.Uri | undefined): uri is vscode.Uri {
  return uri?.scheme === 'file' && imageNames.test(uri.path);
}

/** What the commands on image files need. */
export interface PolicyCommandParts {
  readonly samplings: Samplings;
  readonly choice: PolicyChoice;
  readonly trace: PolicyTraceFile;
  show(trace: SampledTrace): Promise<void>;
}

/** *Propose Regions…* on an image file in the explorer: which policy and what question is asked first. */
export async function proposeOnFile(args: readonly unknown[], parts: PolicyCommandParts): Promise<void> {
  const [uri] = targetUris(args);
  if (!isImageFile(uri)) throw new UserError(vscode.l10n.t('Select an image, or open a trace or a dataset first.'));
  const found = await askAbout(sampleOfFile(uri.fsPath, ''), parts);
  if (found !== null) await parts.show(found);
}

/** Asks whom and what, then samples behind a notification; null when the user thought better of it. */
export async function askAbout(about: PolicySample, parts: PolicyCommandParts): Promise<Sampled | null> {
  const chosen = await parts.choice.choose();
  if (chosen === null) return null;
  if (chosen.policy.kind === 'person')
    throw new UserError(vscode.l10n.t('Regions are drawn on the picture of a rollout: ask another policy first.'));
  await betweenQuestions();
  const sample = await askQuestion(about);
  if (sample === undefined) return null;
  await betweenQuestions();
  const path = await parts.trace.path();
  if (path === null) return null;
  const count = chosen.policy.kind === 'server' ? groupSettings().size : 1;
  return parts.samplings.sample(sample, count, chosen, path);
}
