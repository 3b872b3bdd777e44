import type { JsonValue } from '../text/jsonValue';
import { LiteralSyntaxError, readLiteral } from '../text/literalReader';
import type { FoundBox, JsonObject } from './readBoxes';
import { readBareBox } from './readBoxes';
import type { ResponseBuilder } from './responseBuilder';
import type { Action, TextSpan } from './rollout';
import { insideFence, isObject } from './scanObjects';
import { viewNamedIn } from './viewNames';

const fourNumbers = /^\s{0,20}\[([^\][]{1,200})\]\s{0,20}$/;

/**
 * OpenThinkIMG's turn: one JSON object with `thought` and `actions`, each with `name` and `arguments`; `Terminate` holds
 * the answer. Points that its tools take as `x="21.5" y="28.5"` have no unit that the project states: they stay text.
 * Null where the text is no such object.
 */
export function readActionList(builder: ResponseBuilder, turn: number, plain: TextSpan): readonly Action[] | null {
  const span = insideFence(builder.text, plain);
  const source = builder.text.slice(span.start, span.end);
  if (!source.startsWith('{') || !source.includes('"actions"')) return null;
  const places = new Map<JsonObject, TextSpan>();
  let value: JsonValue;
  try {
    value = readLiteral(source, 'json', (object, from, to) => {
      places.set(object, { start: span.start + from, end: span.start + to });
    });
  } catch (error) {
    if (!(error instanceof LiteralSyntaxError)) throw error;
    return [builder.action('malformed', span, { reason: `The list of actions cannot be read: ${error.message}.` })];
  }
  if (!isObject(value) || !Array.isArray(value.actions)) return null;
  return value.actions.map((action: JsonValue) => {
    const place = (isObject(action) && places.get(action)) || span;
    if (!isObject(action) || typeof action.name !== 'string')
      return builder.action('malformed', place, { reason: 'An action names no tool.' });
    return readOne(builder, turn, place, action, action.name);
  });
}

function readOne(builder: ResponseBuilder, turn: number, span: TextSpan, action: JsonObject, tool: string): Action {
  if (tool === 'Terminate') return builder.action('answer', span);
  const boxes = boxesOf(builder.text, span, action.arguments ?? null);
  const view = viewNamedIn(action);
  if (boxes.length === 0 || view === null) return builder.action('tool', span, { tool });
  return builder.action('zoom', span, { regions: builder.addRegions(boxes, turn, 'tool', 'tool', view), tool });
}

/** A `param` that is a list of four numbers. */
function boxesOf(text: string, span: TextSpan, args: JsonValue): readonly FoundBox[] {
  const param = isObject(args) && typeof args.param === 'string' ? fourNumbers.exec(args.param)?.[1] : undefined;
  return param === undefined ? [] : readBareBox(param.split(',').map(Number), text, span).boxes;
}
