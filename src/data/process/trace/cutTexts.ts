import type { JsonValue } from '../../../core/text/jsonValue';
import type { Rollout } from '../../../core/trajectory/rollout';

/** UTF-16 units of a text that a group's details carry; the whole text is fetched by row. */
export const textLimit = 256 * 1024;

/** A rollout for a group's details. */
export interface CutRollout {
  readonly rollout: Rollout;
  /** UTF-16 units of the whole response when it was cut; null otherwise. */
  readonly cutFrom: number | null;
  /** The rollout has a token track, which was left out. */
  readonly tokens: boolean;
}

/** The rollout with long texts cut and without its token track. Regions and turns stay those of the whole text. */
export function cutTexts(whole: Rollout): CutRollout {
  const { tokens: track, ...rollout } = whole;
  const tokens = track !== undefined;
  const cut = rollout.response.length > textLimit;
  const short: Rollout = {
    ...rollout,
    prompt: shortened(rollout.prompt),
    response: cut ? rollout.response.slice(0, textLimit) : rollout.response,
    groundTruth: shortValue(rollout.groundTruth),
    fields: rollout.fields.map(({ name, value }) => ({ name, value: shortValue(value) })),
    cropOutputs: rollout.cropOutputs.map((output) => ({ ...output, text: shortened(output.text) })),
    turns: rollout.turns.map((turn) => ({
      ...turn,
      actions: turn.actions.map((action) => ({ ...action, text: shortened(action.text) })),
    })),
  };
  // Pieces of a long text keep all of it in memory; a clone holds copies.
  return cut
    ? { rollout: structuredClone(short), cutFrom: rollout.response.length, tokens }
    : { rollout: short, cutFrom: null, tokens };
}

function shortened(text: string): string {
  if (text.length <= textLimit) return text;
  return `${text.slice(0, textLimit)}\n… (cut: ${text.length} characters in all)`;
}

/** A structure whose texts are long is shown as its shortened JSON. */
function shortValue(value: JsonValue): JsonValue {
  if (typeof value === 'string') return shortened(value);
  if (typeof value !== 'object' || value === null) return value;
  const text = JSON.stringify(value);
  return text.length > textLimit ? shortened(text) : value;
}
