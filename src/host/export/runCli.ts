import { spawn } from 'node:child_process';
import { UserError } from '../../core/text/userError';
import { childEnvironment } from '../../supervise/environment';

/** More is no manifest. */
const mostOutput = 64 * 1024 * 1024;

/**
 * Runs the command line by VS Code's own Node and answers what it printed: work of minutes stays out of the extension host.
 * Null when cancelled; it cleans up after itself then. Throws `UserError` with its own words when it fails.
 */
export function runCli(entry: string, args: readonly string[], signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const env = childEnvironment(process.env, {});
    const child = spawn(process.execPath, [entry, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = () => child.kill();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.length > mostOutput) stop();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err = (err + text).slice(-10_000);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted) resolve(null);
      else if (code === 0) resolve(out);
      else reject(new UserError(err.trim().replace(/^saccade: /, '') || `The export ended with code ${code}.`));
    });
  });
}
