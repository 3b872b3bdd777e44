import { pythonNumber } from './pythonNumber';

/** One completion as a format reward of the R1-V family judged it. */
export interface Judged {
  readonly content: string;
  /** 1 where the format was met and 0 where it was not: what the function returns. */
  readonly reward: number;
}

const contentStart = /^Content: ?/;
const verdictLine = /^(?:Has format|match): (True|False)\r?$/m;
const rewardLine = /^Reward: (\S{1,32})\r?(?:\n|$)/;

/**
 * Completions of a `_format.txt` record, which holds a whole batch: `Content:` and `Has format:` again and again (GLM: `match:`
 * and `Reward:`). Where ranks wrote at once the rest of the record is given up: its text then says why.
 */
export function readFormatBody(body: string): { readonly judged: readonly Judged[]; readonly trouble: string | null } {
  const judged: Judged[] = [];
  const torn = (trouble: string) => ({ judged, trouble });
  let rest = body;
  while (rest.trim() !== '') {
    const start = contentStart.exec(rest);
    if (start === null) return torn('Text stands where "Content:" belongs: records of several ranks may be mixed.');
    const verdict = verdictLine.exec(rest);
    if (verdict === null) return torn('A completion has no "Has format:" line: it is cut off.');
    const content = rest.slice(start[0].length, verdict.index).replace(/\r?\n$/, '');
    if (/^Content: /m.test(content))
      return torn('A completion holds another "Content:" line: records of several ranks may be mixed.');
    rest = rest.slice(verdict.index + verdict[0].length).replace(/^\n/, '');
    const said = rewardLine.exec(rest);
    if (said !== null) rest = rest.slice(said[0].length);
    const reward = pythonNumber(said?.[1] ?? (verdict[1] === 'True' ? '1' : '0'));
    if (reward === null) return torn('"Reward:" is followed by no number: records of several ranks may be mixed.');
    judged.push({ content, reward });
  }
  return { judged, trouble: judged.length === 0 ? 'The record holds no completion.' : null };
}
