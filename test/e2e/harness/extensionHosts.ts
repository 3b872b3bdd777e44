import { execFileSync } from 'node:child_process';

/** Process ids of the extension hosts of all windows of this machine's VS Code servers. */
export function extensionHosts(): readonly number[] {
  return execFileSync('ps', ['-axo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('--type=extensionHost'))
    .map((line) => Number.parseInt(line, 10));
}
