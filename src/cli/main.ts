#!/usr/bin/env node
import { version } from '../../package.json';
import { framePresets } from '../core/geometry/framePresets';
import { builtInProfiles } from '../core/reward/scoring/profile';
import { UserError } from '../core/text/userError';
import { knownRules } from '../core/trajectory/tools/chooseRules';
import type { DataClient } from '../data/client';
import { exportFormats } from '../formats/export/exportFormats';
import type { InferenceClient } from '../inference/client';
import { ChannelError } from '../protocol/channel';
import { type Command, parseCommand } from './arguments';
import { printBySteps } from './byStep';
import { printComparison } from './compare';
import { printEmbed } from './embed';
import { parseEvalCommand } from './eval/evalArguments';
import { printEval } from './eval/evalCommand';
import { printExport } from './export';
import { printImageSet } from './imageSetInfo';
import { printInfo } from './info';
import { judgeTrace } from './judge';
import { printModels, type ReadPixels, withInference } from './models';
import { Output, printable } from './output';
import { type PolicyCommand, parsePolicyCommand } from './policyArguments';
import { type PolicyChildren, withPolicies } from './policySession';
import { probeTrace } from './probe';
import { printProposals } from './propose';
import { printRollouts } from './rollouts';
import { runPolicies } from './runPolicies';
import { printScores } from './score';
import { printSegment } from './segment';
import { type ModelCommand, parseModelCommand } from './segmentArguments';
import { type Session, withTrace } from './session';
import { exportsImageSet, parseSetExport, printSetExport } from './setExport';
import { printSimulation } from './simulate';
import { help, UsageError } from './usage';

/** Returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const out = new Output(process.stdout);
  try {
    const exported = (await exportsImageSet(argv)) ? parseSetExport(argv) : null;
    if (exported !== null) {
      await printSetExport(exported, out);
      await out.flush();
      return 0;
    }
    const policies = parsePolicyCommand(argv);
    if (policies !== null) {
      const code = await withPolicies(policies, (children) => runPolicy(children, policies, out));
      await out.flush();
      return code;
    }
    const asked = parseModelCommand(argv);
    if (asked !== null) {
      await withInference(asked, (client, pixels) => runModel(client, pixels, asked, out));
      await out.flush();
      return 0;
    }
    const evaluated = parseEvalCommand(argv);
    if (evaluated !== null) {
      await printEval(evaluated, out);
      await out.flush();
      return 0;
    }
    const command = parseCommand(argv);
    if (command === 'version') await out.line(version);
    else if (command === 'help')
      await out.line(
        help
          .replace('PRESETS', presets())
          .replace('PROFILES', profiles())
          .replace('EXPORTS', exports())
          .replace('TOOLS', tools())
          .trimEnd(),
      );
    else await withTrace(command, (session) => run(session, command, out), otherwise(command, out));
    await out.flush();
    return 0;
  } catch (error) {
    return report(error);
  }
}

/** What else than a trace a command tells of. */
function otherwise(command: Command, out: Output): ((data: DataClient) => Promise<boolean>) | undefined {
  if (command.name !== 'info' || command.byStep) return undefined;
  return (data) => printImageSet(data, command, out);
}

function run(session: Session, command: Command, out: Output): Promise<void> {
  switch (command.name) {
    case 'info':
      if (command.where !== '') throw new UsageError('info --where is of an image set; rollouts --where is of a trace');
      return (command.byStep ? printBySteps : printInfo)(session, command, out);
    case 'rollouts':
      return printRollouts(session, command, out);
    case 'compare':
      return printComparison(session, command, out);
    case 'export':
      return printExport(session, command, out);
    case 'score':
      return printScores(session, command, out);
  }
}

function runModel(client: InferenceClient, pixels: ReadPixels, command: ModelCommand, out: Output): Promise<void> {
  switch (command.name) {
    case 'segment':
      return printSegment(client, command, out);
    case 'embed':
      return printEmbed(client, command, out);
    case 'models':
      return printModels(client, command, out);
    case 'simulate':
      return printSimulation(client, pixels, command, out);
  }
}

/** Returns the exit code. */
async function runPolicy(children: PolicyChildren, command: PolicyCommand, out: Output): Promise<number> {
  if (command.name === 'run') return runPolicies(children, command, out);
  if (command.name === 'probe') return (await probeTrace(children, command, out)) ? 0 : 1;
  if (command.name === 'judge') return (await judgeTrace(children, command, out)) ? 0 : 1;
  await printProposals(children, command, out);
  return 0;
}

const presets = () => framePresets.map(({ id }) => id).join(', ');
const exports = () =>
  exportFormats.map(({ id, title }) => `${id.padEnd(23)}${title}`).join('\n                        ');
const tools = () => knownRules.map(({ id }) => id).join(', ');
const profiles = () => builtInProfiles.map(({ id }) => id).join(', ');

function report(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`saccade: ${printable(error.message)}\nTry saccade --help.\n`);
    return 2;
  }
  if (ChannelError.is(error) && error.code === 'cancelled') return 130;
  if (UserError.is(error)) process.stderr.write(`saccade: ${printable(error.message)}\n`);
  else process.stderr.write(`saccade: internal error: ${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}

main(process.argv.slice(2)).then((code) => {
  // Children end by themselves once the channel is closed; nothing is left to wait for.
  process.exit(code);
});
