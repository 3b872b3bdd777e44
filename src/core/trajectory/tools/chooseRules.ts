import type { Rollout } from '../rollout';
import { activeO3 } from './activeO3';
import { replyHead } from './calls';
import { chainOfFocus } from './chainOfFocus';
import { deepEyes, deepEyesEval, deepEyesV5 } from './deepEyes';
import { ergo } from './ergo';
import { generic } from './generic';
import { geoVista } from './geoVista';
import { miniO3 } from './miniO3';
import { pixelReasoner } from './pixelReasoner';
import { saccadeLoop } from './saccade';
import type { ToolRules, ToolRulesId } from './toolRules';
import { verl } from './verl';

/** The rules in force for a rollout, and why these, for the user. */
export interface RulesChoice {
  readonly rules: ToolRules;
  readonly origin: 'user' | 'format' | 'log' | 'config' | 'default';
  readonly reason: string;
}

/** Every family of tools that is known, for a list to choose from. */
export const knownRules: readonly ToolRules[] = [
  activeO3,
  chainOfFocus,
  deepEyes,
  deepEyesV5,
  deepEyesEval,
  ergo,
  geoVista,
  miniO3,
  pixelReasoner,
  verl,
  saccadeLoop,
  generic,
];

/** The rules of that id; null for a word that is none. */
export function rulesOf(id: string | null): ToolRules | null {
  return knownRules.find((rules) => rules.id === id) ?? null;
}

/** Formats whose writer runs one tool; the keys are ids of formats. */
const byFormat: ReadonlyMap<string, ToolRules> = new Map<string, ToolRules>([
  ['active-o3-demo', activeO3],
  ['chain-of-focus-eval', chainOfFocus],
  ['deepeyes-eval', deepEyesEval],
  ['geovista', geoVista],
  ['mini-o3', miniO3],
  ['mini-o3-stats', miniO3],
  ['pixel-reasoner', pixelReasoner],
  ['policy-trace', saccadeLoop],
]);

/** What only one tool writes back, at the beginning of a turn that came back. */
const byReply: readonly { readonly pattern: RegExp; readonly rules: ToolRules }[] = [
  { pattern: /^Zoomed in on the image to the region/, rules: verl },
  { pattern: /^Think first, call \*\*image_zoom_in_tool\*\* if needed/, rules: deepEyes },
  { pattern: /^Here is the cropped image \(Image Size: /, rules: pixelReasoner },
  { pattern: /^After the above Action \d{1,6}, here is the the zoom-in image/, rules: miniO3 },
];

/** What DeepEyes' fifth environment says behind its replies, among at most so many characters. */
const severalCalls = 'decide whether to call tools one or more times OR provide final answer';
const behindReplies = 500;

const byTool: ReadonlyMap<string, ToolRules> = new Map([
  ['crop_image_normalized', pixelReasoner],
  ['grounding', miniO3],
]);

/**
 * Chooses a rollout's tool rules: the user's choice, the format where its writer runs one tool, what the log shows of the
 * tool (a reply or a call that only one makes), the run's config, else `generic`.
 */
export function toolRulesOf(
  rollout: Pick<Rollout, 'turns' | 'response'>,
  format: string,
  chosen: ToolRulesId | null = null,
  configured: ToolRulesId | null = null,
): RulesChoice {
  const wanted = knownRules.find(({ id }) => id === chosen);
  if (wanted !== undefined) return { rules: wanted, origin: 'user', reason: 'You chose these rules.' };
  const fixed = byFormat.get(format);
  if (fixed !== undefined)
    return { rules: fixed, origin: 'format', reason: `The format is written by a run of this tool (${fixed.source}).` };
  const shown = shownBy(rollout);
  if (shown !== null) return { rules: shown.rules, origin: 'log', reason: shown.reason };
  const named = knownRules.find(({ id }) => id === configured);
  if (named !== undefined)
    return { rules: named, origin: 'config', reason: `The run’s config names the tool (${named.source}).` };
  const reason = 'Nothing in the log tells which tool cut the crops: boxes are cut as the frame in force says.';
  return { rules: generic, origin: 'default', reason };
}

function shownBy({
  turns,
  response,
}: Pick<Rollout, 'turns' | 'response'>): Pick<RulesChoice, 'rules' | 'reason'> | null {
  for (const { role, span, actions } of turns) {
    if (role !== 'assistant') {
      const text = response.slice(span.start, span.end).trim();
      // Chain-of-Focus says the same words, but not behind a tag.
      if (text.startsWith('<tool_response>') && text.slice(-behindReplies).includes(severalCalls))
        return { rules: deepEyesV5, reason: `A reply in the log is that of ${deepEyesV5.name}.` };
      const reply = replyHead(text.replace(/^<tool_response>/, ''));
      const found = byReply.find(({ pattern }) => pattern.test(reply));
      if (found !== undefined)
        return { rules: found.rules, reason: `A reply in the log is that of ${found.rules.name}.` };
    }
    for (const { tool } of actions) {
      const rules = tool === null ? undefined : byTool.get(tool);
      if (rules !== undefined) return { rules, reason: `Only ${rules.name} knows a call of ${tool}.` };
    }
  }
  return null;
}
