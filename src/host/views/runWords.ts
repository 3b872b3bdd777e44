import type { RunFound, RunGlance } from '../../protocol/runs';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** `step 40 · reward 2.31 · 5 min ago`, as far as it is known; `≈ 2.31` where only some of the rows were looked at. */
export function runDescription(glance: RunGlance | null, now: number): string {
  if (glance === null) return '';
  const parts = [
    glance.step === null ? null : `step ${glance.step}`,
    Number.isNaN(glance.reward) ? null : `reward ${glance.partial ? '≈ ' : ''}${rounded(glance.reward)}`,
    glance.changed === 0 ? null : ago(now - glance.changed),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

/** Everything known of a trace, for the pointer and for screen readers. */
export function runTooltip({ path, title }: RunFound, glance: RunGlance | null): string {
  if (glance === null) return `${title}\n${path}`;
  const { files, bytes, step, reward, rows } = glance;
  const lines = [title, `${files} ${files === 1 ? 'file' : 'files'}, ${size(bytes)}`];
  if (rows > 0)
    lines.push(
      `Mean reward ${rounded(reward)} of ${rows} ${rows === 1 ? 'rollout' : 'rollouts'} looked at${stepOf(step)}`,
    );
  return [...lines, path].join('\n');
}

const stepOf = (step: number | null) => (step === null ? '' : ` in step ${step}`);

function ago(milliseconds: number): string {
  if (milliseconds < minute) return 'now';
  if (milliseconds < hour) return `${Math.floor(milliseconds / minute)} min ago`;
  if (milliseconds < day) return `${Math.floor(milliseconds / hour)} h ago`;
  const days = Math.floor(milliseconds / day);
  return `${days} ${days === 1 ? 'day' : 'days'} ago`;
}

function rounded(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

function size(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} KB`;
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
