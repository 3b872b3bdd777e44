import { readActiveO3 } from './activeO3Response';
import { readGeneric } from './genericResponse';
import { badgeOf, ResponseBuilder } from './responseBuilder';
import type { ParsedResponse, StatedTurn, Turn } from './rollout';

/**
 * How a response is written. `active-o3`: one turn, regions wherever an object holds `bbox_2d`, as the demo reads them.
 * `generic`: turns, thoughts, tool calls and answers of any multi-turn policy (verl dumps).
 */
export type ResponseDialect = 'active-o3' | 'generic';

export interface ResponseOptions {
  readonly dialect: ResponseDialect;
  /** Turns the log states; without them a `generic` response is split where its text tells. */
  readonly turns?: readonly StatedTurn[] | undefined;
  /** False: boundaries that only bare role lines tell are not drawn. Default true. */
  readonly infer?: boolean;
}

/** Reads a response. Never throws, whatever the text; linear in its length. An empty text has no turns. */
export function parseResponse(text: string, { dialect, turns: stated, infer = true }: ResponseOptions): ParsedResponse {
  const builder = new ResponseBuilder(text);
  const read = dialect === 'active-o3' ? readActiveO3(builder) : readGeneric(builder, stated, infer);
  const turns = withUnread(read, builder);
  const actions = turns.flatMap((t) => t.actions);
  return { turns, regions: builder.regions, clicks: builder.clicks, badge: badgeOf(actions, builder.regions) };
}

/** What a limit left unread is said in the last turn. */
function withUnread(turns: readonly Turn[], builder: ResponseBuilder): readonly Turn[] {
  const last = turns.at(-1);
  if (builder.unread === null || last === undefined) return turns;
  const note = builder.action('malformed', last.span, { reason: builder.unread });
  return [...turns.slice(0, -1), { ...last, actions: [...last.actions, note] }];
}
