import { diffLines, diffWordsWithSpace } from 'diff';
import type { Rollout } from '../../../src/core/trajectory/rollout';

/** A stretch of two texts: of both, or of one alone. */
export interface DiffPart {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

export interface TextDiff {
  /** What was compared; `whole`: the texts are too long, or have too little in common, to be told apart in parts. */
  readonly by: 'words' | 'lines' | 'whole';
  readonly parts: readonly DiffPart[];
}

/** Characters of both texts together that are compared by words, and by lines. */
const longestWords = 120_000;
const longestLines = 4_000_000;
/** Edits after which a comparison is given up: its work grows with their square. */
const mostEdits = 1500;
/** Characters between two changes that are told as part of both: a lone word in common says nothing, and reads badly. */
const shortestSame = 5;

/** What to take out of `a` and put in to come to `b`. Its work is bounded whatever the texts. */
export function textDiff(a: string, b: string): TextDiff {
  const length = a.length + b.length;
  const options = { maxEditLength: mostEdits };
  const words = length <= longestWords ? diffWordsWithSpace(a, b, options) : undefined;
  if (words !== undefined) return { by: 'words', parts: joined(words.map(partOf)) };
  const lines = length <= longestLines ? diffLines(a, b, options) : undefined;
  if (lines !== undefined) return { by: 'lines', parts: lines.map(partOf) };
  const whole: readonly DiffPart[] = [
    { kind: 'removed', text: a },
    { kind: 'added', text: b },
  ];
  return { by: 'whole', parts: whole.filter(({ text }) => text !== '') };
}

function partOf(part: { readonly value: string; readonly added: boolean; readonly removed: boolean }): DiffPart {
  return { kind: part.added ? 'added' : part.removed ? 'removed' : 'same', text: part.value };
}

/** Changes with next to nothing between them become one: what one text has there, then what the other has. */
function joined(parts: readonly DiffPart[]): readonly DiffPart[] {
  const made: DiffPart[] = [];
  let removed = '';
  let added = '';
  const flush = () => {
    if (removed !== '') made.push({ kind: 'removed', text: removed });
    if (added !== '') made.push({ kind: 'added', text: added });
    removed = added = '';
  };
  parts.forEach(({ kind, text }, i) => {
    const between = removed + added !== '' && i < parts.length - 1 && text.trim().length < shortestSame;
    if (kind === 'same' && !between) {
      flush();
      made.push({ kind, text });
      return;
    }
    if (kind !== 'added') removed += text;
    if (kind !== 'removed') added += text;
  });
  flush();
  return made;
}

/** The same turn of two responses; '' where one has none. */
export interface TurnPair {
  readonly role: Rollout['turns'][number]['role'];
  /** 0-based, in the response that has it; of both, in the second. */
  readonly turn: number;
  readonly a: string;
  readonly b: string;
  readonly only: 'a' | 'b' | null;
}

/** Pairs turns by role: the policy's second with the policy's second. A response without turns is one. */
export function turnPairs(a: Pick<Rollout, 'response' | 'turns'>, b: Pick<Rollout, 'response' | 'turns'>): TurnPair[] {
  const [first, second] = [keyed(a), keyed(b)];
  const pairs = [...new Set([...first.keys(), ...second.keys()])].flatMap((key): TurnPair[] => {
    const [left, right] = [first.get(key), second.get(key)];
    const one = right ?? left;
    if (one === undefined) return [];
    const only = left === undefined ? 'b' : right === undefined ? 'a' : null;
    return [{ role: one.role, turn: one.index, a: left?.text ?? '', b: right?.text ?? '', only }];
  });
  return pairs.sort((x, y) => x.turn - y.turn);
}

interface KeyedTurn {
  readonly role: TurnPair['role'];
  readonly index: number;
  readonly text: string;
}

function keyed({ response, turns }: Pick<Rollout, 'response' | 'turns'>): ReadonlyMap<string, KeyedTurn> {
  if (turns.length === 0) return new Map([['assistant 0', { role: 'assistant', index: 0, text: response }]]);
  const seen = new Map<string, number>();
  return new Map(
    turns.map(({ role, index, span }): [string, KeyedTurn] => {
      const nth = seen.get(role) ?? 0;
      seen.set(role, nth + 1);
      return [`${role} ${nth}`, { role, index, text: response.slice(span.start, span.end) }];
    }),
  );
}
