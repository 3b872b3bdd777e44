import type { Rollout } from '../../../src/core/trajectory/rollout';
import type { TraceOnImages } from '../../../src/protocol/datasetRollouts';
import type { MatchedBy } from '../../../src/protocol/imageSetRollouts';
import { count, counted, decimal } from '../../rollouts/words';

/** UTF-16 units of an answer that a row can show. */
const longest = 200;

export const matchedWords: Readonly<Record<MatchedBy, string>> = {
  file: 'The trace used this very file.',
  content: 'The trace used a file with the same bytes.',
  name: 'The picture of the trace cannot be looked at, or the one of the set; no other has its name.',
};

/** What a rollout answered, in a line: its last answer, else what it did last, else how its response begins. */
export function answerLine(rollout: Rollout): string {
  const actions = rollout.turns.flatMap((turn) => turn.actions);
  const answer = actions.findLast(({ kind, section }) => kind === 'answer' || section === 'answer') ?? actions.at(-1);
  const { start = 0, end = rollout.response.length } = answer?.span ?? {};
  const text = rollout.taskAnswer ?? rollout.response.slice(start, end);
  const line = text
    .slice(0, 4 * longest)
    .trim()
    .replace(/\s+/g, ' ');
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** How many groups of a trace found their image. */
export function traceWords({ failure, found }: TraceOnImages): string {
  if (failure !== null) return failure;
  if (found === null) return 'not looked through yet';
  const { file, content, name } = found.groups;
  const all = Object.values(found.groups).reduce((sum, groups) => sum + groups, 0);
  return `${count(file + content + name)} of ${counted(all, 'group')}`;
}

/** What tells so, and what became of the others, in whole sentences. */
export function traceTitle({ path, found }: TraceOnImages): string {
  if (found === null) return path;
  const { file, content, name, ambiguous, different, absent, missing } = found.groups;
  const sentences: readonly (readonly [number, string])[] = [
    [file, 'used a file of this set'],
    [content, 'used a copy with the same bytes'],
    [name, 'are told by the name alone, which is that of no other'],
    [ambiguous, 'have a name that is that of several: not joined'],
    [different, 'have an image of a name that is here with other content: not joined'],
    [absent, 'used images that are not in this set'],
    [missing, 'say nothing of their image, or it was not found'],
  ];
  const told = sentences
    .filter(([groups]) => groups > 0)
    .map(([groups, words]) => `${counted(groups, 'group')} ${words}`);
  return [path, ...told].join('\n');
}

/** `0.53 ± 0.2` of a group. */
export function rewardWords(mean: number, spread: number): string {
  if (Number.isNaN(mean)) return '–';
  return Number.isNaN(spread) || spread === 0 ? decimal(mean) : `${decimal(mean)} ± ${decimal(spread)}`;
}
