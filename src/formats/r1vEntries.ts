/** The parts of a record of the R1-V family, by the words their lines begin with. */
export interface Entries {
  /** `image_path`, `problem`, `accu_reward_method`. */
  readonly before: ReadonlyMap<string, string>;
  readonly content: string;
  readonly solution: string;
  /** What some writers add behind the solution. */
  readonly after: ReadonlyMap<string, string>;
}

const beforeLine = /^(accu_reward_method|image_path|problem): ?(.*)$/;
const contentLine = /^(?:Content|content): ?/m;
const solutionLine = /^(?:Solution|sol): ?/gm;
const afterLine =
  /^(content_match|student_answer|student_answer_bbox|ground_truth_bbox|iou_results|match_results|Predicted bbox|Fail to recognize|Input size|Image grid thw|Reward): ?/gm;

/**
 * Takes a record's body apart, or says why it is not whole. Ranks append to one file, and a record longer than Python's
 * write buffer can be torn by another rank's: rather than glue two together, a body with a second solution, or with text
 * behind a solution that is closed, is refused.
 */
export function readEntries(body: string): Entries | string {
  const content = contentLine.exec(body);
  if (content === null) return 'The record has no "Content:" line: it is cut off.';
  const rest = body.slice(content.index + content[0].length);
  const solutions = [...rest.matchAll(solutionLine)];
  const [solution] = solutions;
  if (solution === undefined) return 'The record has no "Solution:" line: it is cut off.';
  if (solutions.length > 1)
    return 'The record has more than one "Solution:" line: records of several ranks may be mixed, so it was left out.';
  const tail = rest.slice(solution.index + solution[0].length);
  const marks = [...tail.matchAll(afterLine)];
  const solutionText = tail.slice(0, marks[0]?.index).trimEnd();
  if (/<\/answer>\s*\S/.test(solutionText))
    return 'Text follows the closed solution: records of several ranks may be mixed, so it was left out.';
  return {
    before: readBefore(body.slice(0, content.index)),
    content: rest.slice(0, solution.index).replace(/\r?\n$/, ''),
    solution: solutionText,
    after: new Map(
      marks.map((mark, i) => [mark[1] ?? '', tail.slice(mark.index + mark[0].length, marks[i + 1]?.index).trimEnd()]),
    ),
  };
}

/** A problem may take several lines; the first line of each key counts. */
function readBefore(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let key: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    const match = beforeLine.exec(line);
    const name = match?.[1];
    if (name !== undefined && !found.has(name)) {
      key = name;
      found.set(name, match?.[2] ?? '');
    } else if (key !== null) found.set(key, `${found.get(key) ?? ''}\n${line}`);
  }
  for (const [name, value] of found) found.set(name, value.trimEnd());
  return found;
}

/** The reward as written: GLM's header names no number, a line behind the solution does. */
export function rewardText({ after }: Entries, label: string): string {
  return /: *(\S+)$/.exec(label)?.[1] ?? after.get('Reward') ?? '';
}
