import type { TraceProgress } from '../protocol/data';

/** Text with codicons, and the same in words for tooltip and screen reader. */
export function statusText({ done, bytesRead, bytesTotal, rollouts, samples, groups, problems }: TraceProgress): {
  readonly text: string;
  readonly spoken: string;
} {
  const count = (n: number) => n.toLocaleString('en-US');
  const noun = samples > 0 && samples === rollouts ? 'sample' : 'rollout';
  const counted = `${count(rollouts)} ${rollouts === 1 ? noun : `${noun}s`}`;
  const share = bytesTotal > 0 ? Math.min(99, Math.floor((100 * bytesRead) / bytesTotal)) : 0;
  const warning = problems > 0 ? ` $(warning) ${count(problems)}` : '';
  const spoken = `${counted} in ${count(groups)} ${groups === 1 ? 'group' : 'groups'}${
    problems > 0 ? `, ${count(problems)} ${problems === 1 ? 'problem' : 'problems'}` : ''
  }${done ? '' : `, ${share} % read`}`;
  return { text: done ? `$(eye) ${counted}${warning}` : `$(sync~spin) ${share} % · ${counted}${warning}`, spoken };
}
