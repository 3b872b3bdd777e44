import type { FrameChoice, FrameField } from '../geometry/frame';

/** State of an open trace that the webview predicts and the host confirms; `revision` only grows. */
export interface RolloutsState {
  readonly revision: number;
  /** Frames the user set; they win over the format's and the evidence's. */
  readonly frames: readonly FrameChoice[];
}

/** What the user did. */
export type RolloutsIntent =
  | { readonly kind: 'setFrame'; readonly choice: FrameChoice }
  | { readonly kind: 'clearFrame'; readonly dataSource: string | null; readonly field: FrameField };

/** The state after an intent. Runs in the webview (prediction) and in the host (truth); the revision is the host's to raise. */
export function applyIntent(state: RolloutsState, intent: RolloutsIntent): RolloutsState {
  const target = intent.kind === 'setFrame' ? intent.choice : intent;
  const others = state.frames.filter((c) => c.dataSource !== target.dataSource || c.field !== target.field);
  return { ...state, frames: intent.kind === 'setFrame' ? [...others, intent.choice] : others };
}
