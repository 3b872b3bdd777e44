import { dirname, relative, sep } from 'node:path';
import type { Box } from '../core/geometry/box';
import type { PolicyRollout, PolicySample, PolicyTask } from '../core/policy/policyRollout';
import { usualProfile } from '../core/policy/usualProfile';
import { policyTraceLine } from '../formats/policyTraceLine';
import { TraceFile } from '../policy/traceFile';
import type { ProposeRequest } from '../protocol/policy';
import { readProfile } from '../scoring/profileFile';
import { aligned, type Output, printable } from './output';
import type { ProposeCommand } from './policyArguments';
import { chosenPolicies, type PolicyChildren } from './policySession';
import { UsageError } from './usage';

/** One group on one image: regions, what was found in them, rewards and advantages; appended to a trace where one is named. */
export async function printProposals({ client }: PolicyChildren, command: ProposeCommand, out: Output): Promise<void> {
  const { policy, taskPolicy } = await chosenPolicies(command);
  const task = taskOf(command);
  const sample = sampleOf(command);
  if (sample.object === null && sample.question === null && (policy.spec.kind !== 'basic' || taskPolicy !== null))
    throw new UsageError('propose: expected --object or --question');
  const request: ProposeRequest = {
    job: 'propose',
    sample,
    task,
    policy,
    taskPolicy,
    count: command.count,
    seed: command.seed,
    maxRegions: command.maxRegions,
    cropShape: command.cropShape,
    segmenter: command.segmenter,
    maxIou: command.maxIou,
    profile:
      command.profile === null ? usualProfile(task, sample, taskPolicy !== null) : await readProfile(command.profile),
    advantage: { name: command.advantage, trainer: 'unknown' },
    zoom: true,
    drawn: null,
    stream: false,
    journal: null,
  };
  const ending = new AbortController();
  const stop = () => ending.abort();
  process.once('SIGINT', stop);
  client.on('policy/waiting', ({ reason, ms }) => {
    process.stderr.write(`${printable(reason)}: asked again in ${Math.ceil(ms / 1000)} s\n`);
  });
  const { rollouts } = await client.propose(request, ending.signal);
  process.off('SIGINT', stop);
  if (command.output !== null) {
    const trace = await TraceFile.open(command.output);
    await trace.append(rollouts);
    await trace.close();
  }
  for (const rollout of rollouts)
    for (const line of command.json ? [policyTraceLine(rollout)] : linesOf(rollout)) await out.line(line);
}

function taskOf({ task, object, question }: ProposeCommand): PolicyTask {
  if (task !== null) return task;
  return question !== null && object === null ? 'question' : 'detection';
}

function sampleOf({ path, object, question, options, answer, output, box }: ProposeCommand): PolicySample {
  const asked = question ?? object ?? '';
  return {
    key: `${path}?${asked}`,
    image: path,
    imageName: nameFor(path, output),
    object,
    question,
    options,
    answer,
    truth: [],
    box,
    dataSource: null,
  };
}

/** An image beside the trace or below it by its path from there, so that both can be moved; any other by its absolute one. */
export function nameFor(image: string, trace: string | null): string {
  if (trace === null) return image;
  const path = relative(dirname(trace), image);
  return path.startsWith('..') || path.startsWith(sep) || /^[a-z]:/i.test(path) ? image : path.split(sep).join('/');
}

function linesOf(rollout: PolicyRollout): readonly string[] {
  const { index, score, advantage, regions, calls, boxes, answer, malformed, took } = rollout;
  const shown = (value: number | null) => (value === null ? '–' : String(Number(value.toFixed(3))));
  const rows: [string, string][] = [
    ...regions.map((box, i): [string, string] => [
      `region ${i + 1}`,
      box === null ? 'outside the image' : corners(box),
    ]),
    ...(malformed === null ? [] : [['malformed', malformed] as [string, string]]),
    ...boxes.map(({ box, label }): [string, string] => [
      'found',
      `${corners(box)}${label === null ? '' : ` ${label}`}`,
    ]),
    ...calls.flatMap(({ points }) =>
      points.map(({ x, y, positive }): [string, string] => [
        positive === false ? 'taken away' : 'clicked',
        `${Math.round(x)}, ${Math.round(y)}`,
      ]),
    ),
    ...(answer === null ? [] : [['answer', answer] as [string, string]]),
  ];
  const head = `${index + 1}  score ${shown(score)}  advantage ${shown(advantage)}  ${(took / 1000).toFixed(1)} s`;
  return rows.length === 0 ? [head] : [head, ...aligned(rows)];
}

const corners = ({ x1, y1, x2, y2 }: Box) => [x1, y1, x2, y2].map((side) => Math.round(side)).join(', ');
