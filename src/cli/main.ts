#!/usr/bin/env node
import { version } from '../../package.json';
import { framePresets } from '../core/geometry/framePresets';
import { UserError } from '../core/text/userError';
import { parseCommand } from './arguments';
import { printInfo } from './info';
import { Output, printable } from './output';
import { printRollouts } from './rollouts';
import { withTrace } from './session';
import { help, UsageError } from './usage';

/** Returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const out = new Output(process.stdout);
  try {
    const command = parseCommand(argv);
    if (command === 'version') await out.line(version);
    else if (command === 'help') await out.line(help.replace('PRESETS', presets()).trimEnd());
    else {
      const print = command.name === 'info' ? printInfo : printRollouts;
      await withTrace(command, (session) => print(session, command, out));
    }
    await out.flush();
    return 0;
  } catch (error) {
    return report(error);
  }
}

const presets = () => framePresets.map(({ id }) => id).join(', ');

function report(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`saccade: ${printable(error.message)}\nTry saccade --help.\n`);
    return 2;
  }
  if (UserError.is(error)) process.stderr.write(`saccade: ${printable(error.message)}\n`);
  else process.stderr.write(`saccade: internal error: ${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}

main(process.argv.slice(2)).then((code) => {
  // Children end by themselves once the channel is closed; nothing is left to wait for.
  process.exit(code);
});
