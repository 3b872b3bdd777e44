import type { CallingTurn, ToolCall } from './toolRules';

/** Every call runs. */
export function all({ calls }: CallingTurn): readonly (string | null)[] {
  return calls.map(() => null);
}

/** The first call that `fits` runs, the others don't. */
export function first(calls: readonly ToolCall[], fits: (call: ToolCall) => boolean): readonly (string | null)[] {
  const chosen = calls.findIndex(fits);
  return calls.map((_, i) => (i === chosen ? null : 'the tool runs only the first call of a turn'));
}

/** The last call that `fits` runs, the others don't. */
export function last(calls: readonly ToolCall[], fits: (call: ToolCall) => boolean): readonly (string | null)[] {
  const chosen = calls.findLastIndex(fits);
  return calls.map((_, i) => (i === chosen ? null : 'the tool runs only the last call of a turn'));
}

/** None runs, for one reason. */
export function none(calls: readonly ToolCall[], reason: string): readonly (string | null)[] {
  return calls.map(() => reason);
}

export const isClosedToolCall = ({ tag, closed }: ToolCall): boolean => tag === 'tool_call' && closed;

/** Why a tool that takes exactly four numbers from `bbox_2d` cannot take the call; else null. */
export function unlessFour({ regions, action }: ToolCall): string | null {
  const tooMany = regions.some(({ repairs }) => repairs.some(({ kind }) => kind === 'tooManyNumbers'));
  if (regions.length > 1 || tooMany) return 'bbox_2d does not hold four numbers';
  return action.text.includes('bbox_2d') ? null : 'the call has no "bbox_2d"';
}

/** As `unlessFour`, for a tool that reads JSON and nothing else. */
export function unlessStrict(call: ToolCall): string | null {
  const python = call.regions.some(({ repairs }) => repairs.some(({ kind }) => kind === 'pythonLiteral'));
  return python ? 'the call is not JSON' : unlessFour(call);
}
