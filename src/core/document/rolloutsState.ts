import type { FrameChoice, FrameField } from '../geometry/frame';
import type { RewardComponent } from '../reward/component';
import type { ToolRulesId } from '../trajectory/tools/toolRules';

/** State of an open trace that the webview predicts and the host confirms; `revision` only grows. */
export interface RolloutsState {
  readonly revision: number;
  /** Frames the user set; they win over the format's and the evidence's. */
  readonly frames: readonly FrameChoice[];
  /** Logged columns that are reward components by the user's word; null while it is left to the run's config. */
  readonly components: readonly RewardComponent[] | null;
  /** Files, relative to the trace's root, in which the user undid the inferred boundaries of turns. */
  readonly unsplit: readonly string[];
  /** Id of the profile that rewards are recomputed by; absent while the user chose none. */
  readonly profile?: string;
  /** Whose rules calls are replayed by, by the user's word; absent while it is left to the format, the log and the config. */
  readonly tool?: ToolRulesId;
}

/** What the user did. */
export type RolloutsIntent =
  | { readonly kind: 'setFrame'; readonly choice: FrameChoice }
  | { readonly kind: 'clearFrame'; readonly dataSource: string | null; readonly field: FrameField }
  | { readonly kind: 'setComponents'; readonly components: readonly RewardComponent[] | null }
  | { readonly kind: 'setSplits'; readonly file: string; readonly infer: boolean }
  | { readonly kind: 'setProfile'; readonly profile: string | null }
  | { readonly kind: 'setTool'; readonly tool: ToolRulesId | null };

/** The state after an intent. Runs in the webview (prediction) and in the host (truth); the revision is the host's to raise. */
export function applyIntent(state: RolloutsState, intent: RolloutsIntent): RolloutsState {
  switch (intent.kind) {
    case 'setFrame':
      return { ...state, frames: [...otherFrames(state, intent.choice), intent.choice] };
    case 'clearFrame':
      return { ...state, frames: otherFrames(state, intent) };
    case 'setComponents':
      return { ...state, components: intent.components };
    case 'setProfile': {
      const { profile: _, ...others } = state;
      return intent.profile === null ? others : { ...others, profile: intent.profile };
    }
    case 'setTool': {
      const { tool: _, ...others } = state;
      return intent.tool === null ? others : { ...others, tool: intent.tool };
    }
    case 'setSplits': {
      const others = state.unsplit.filter((file) => file !== intent.file);
      return { ...state, unsplit: intent.infer ? others : [...others, intent.file] };
    }
  }
}

function otherFrames(
  { frames }: RolloutsState,
  { dataSource, field }: Pick<FrameChoice, 'dataSource' | 'field'>,
): readonly FrameChoice[] {
  return frames.filter((choice) => choice.dataSource !== dataSource || choice.field !== field);
}
