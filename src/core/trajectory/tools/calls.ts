import type { Size } from '../../geometry/box';
import type { Action, Region, Rollout, Turn } from '../rollout';
import { isBlank } from '../textMarks';
import type { CallingTurn, ToolCall } from './toolRules';

/** One answer of a tool in the turns behind a call. */
export interface Reply {
  /** 0-based turn it stands in. */
  readonly turn: number;
  /** First line of the error that it reports; null when it reports none. */
  readonly error: string | null;
  /** Pixels of the picture that came back, where the text says so. */
  readonly imageSize: Size | null;
}

/** How the tools that are known report an error, at the beginning of what they answer. */
const error =
  /^(?:Error: |Error processing image zoom-in|ERROR occurs during grounding|Execution error:|Tool call error:|ZOOM IN A)/;
const imageSize = /\(Image Size: (\d{1,6})x(\d{1,6})\)/;
/** Characters of a reply that are looked at, and shown of an error. */
const head = 1000;
const shown = 200;
const repliesKept = 1000;

/** The calls of a policy's turn. */
export function callingTurn(turn: Turn, { response, regions }: Pick<Rollout, 'response' | 'regions'>): CallingTurn {
  const calls: ToolCall[] = [];
  let answered = false;
  for (const [index, action] of turn.actions.entries()) {
    const tag = tagOf(action, response);
    const closed = response.startsWith('</', action.span.end);
    if (tag === 'answer' && action.kind !== 'zoom') answered ||= closed && action.span.end > action.span.start;
    else if (action.kind === 'zoom' || action.kind === 'tool' || (action.kind === 'malformed' && tag !== 'other'))
      calls.push({
        index,
        action,
        tag: tag === 'answer' ? 'other' : tag,
        closed,
        regions: action.regions.flatMap((i): Region[] => regions.slice(i, i + 1)),
      });
  }
  const end = calls.at(-1)?.action.span.end ?? turn.span.end;
  const closing = response.startsWith('</', end) ? response.indexOf('>', end) + 1 : end;
  return { calls, answered, endsWithCall: isBlank(response, closing, turn.span.end) };
}

/** What came back behind a turn, and whether anything follows it at all. */
export function repliesTo(
  turn: Turn,
  turns: readonly Turn[],
  response: string,
): { readonly replies: readonly Reply[]; readonly followed: boolean } {
  const replies: Reply[] = [];
  let next = turn.index + 1;
  for (let came = turns[next]; came !== undefined && came.role !== 'assistant'; came = turns[++next]) {
    replies.push(...repliesIn(came, response));
  }
  return { replies, followed: next > turn.index + 1 || turns[next] !== undefined };
}

/** A turn may hold several `<tool_response>`. Everything is looked for in the turn's own text, so that all is linear. */
function repliesIn({ index, span }: Turn, response: string): readonly Reply[] {
  const text = response.slice(span.start, span.end);
  const replies: Reply[] = [];
  const open = '<tool_response>';
  let at = text.indexOf(open);
  if (at === -1) return [replyIn(index, text)];
  while (at !== -1 && replies.length < repliesKept) {
    const next = text.indexOf(open, at + open.length);
    const [own = ''] = text.slice(at + open.length, next === -1 ? text.length : next).split('</tool_response>', 1);
    replies.push(replyIn(index, own));
    at = next;
  }
  return replies;
}

/** What a reply says behind the picture that it begins with, cut. */
export function replyHead(reply: string): string {
  const start = reply.trimStart();
  const vision = start.startsWith('<|vision_start|>') ? start.indexOf('<|vision_end|>') + '<|vision_end|>'.length : 0;
  const from = start.startsWith('<image>') ? '<image>'.length : vision;
  return start.slice(from, from + head).trimStart();
}

function replyIn(turn: number, reply: string): Reply {
  const text = replyHead(reply);
  const size = imageSize.exec(text);
  const [line = ''] = text.slice(0, shown).split('\n', 1);
  const next = text.slice(line.length).trim().split('\n', 1)[0] ?? '';
  const told = line.trimEnd().endsWith(':') ? `${line.trimEnd()} ${next}`.slice(0, shown) : line;
  return {
    turn,
    error: error.test(text) ? told.trim() : null,
    imageSize: size === null ? null : { width: Number(size[1]), height: Number(size[2]) },
  };
}

function tagOf({ span }: Action, response: string): ToolCall['tag'] | 'answer' {
  for (const tag of ['tool_call', 'zoom', 'grounding', 'answer'] as const)
    if (response.endsWith(`<${tag}>`, span.start)) return tag;
  return 'other';
}
