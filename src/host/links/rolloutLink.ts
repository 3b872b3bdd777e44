import { normalize } from 'node:path';
import type { RecordPlace } from '../../protocol/notes';

/** What a link to a rollout says. */
export interface RolloutLink extends RecordPlace {
  /** Absolute path of the trace. */
  readonly trace: string;
  /** Name of the machine it was made on; '' where it does not say. Only ever shown. */
  readonly host: string;
}

const head = '/rollout';
const longest = 4096;
const longestKey = 100;

/** A link as people pass it on: `vscode://saccade.saccade/rollout/data/run?file=30.jsonl&line=5&key=…&on=node7`. */
export function linkText(scheme: string, extension: string, { trace, file, line, key, host }: RolloutLink): string {
  const path = trace.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  // VS Code decodes a query once before it is taken apart: a name may hold what separates its parts.
  const part = (text: string) => encodeURIComponent(encodeURIComponent(text));
  const query = [
    `file=${part(file)}`,
    `line=${line}`,
    `key=${part(key)}`,
    ...(host === '' ? [] : [`on=${part(host)}`]),
  ];
  return `${scheme}://${extension}${head}${path.startsWith('/') ? '' : '/'}${path}?${query.join('&')}`;
}

/** A link that was opened; null for one that is not ours. Anybody may have written it: its path is a name and nothing more. */
export function readLink({ path, query }: { readonly path: string; readonly query: string }): RolloutLink | null {
  if (!path.startsWith(`${head}/`)) return null;
  const rest = path.slice(head.length);
  const trace = /^\/[a-z]:\//i.test(rest) ? rest.slice(1) : rest;
  const said = new URLSearchParams(query);
  const [file, key, line] = [said.get('file'), said.get('key'), Number(said.get('line') ?? Number.NaN)];
  if (file === null || key === null || !Number.isSafeInteger(line) || line < 1) return null;
  const texts = [trace, file, key];
  if (texts.some((text) => text === '' || text.length > longest || hasControl(text)) || key.length > longestKey)
    return null;
  // A name of another machine makes Windows log on to it; `..` hides where a path leads.
  if (/^[\\/]{2}/.test(trace) || normalize(trace).replaceAll('\\', '/') !== trace.replaceAll('\\', '/')) return null;
  const host = said.get('on') ?? '';
  return { trace, file, key, line, host: host.length > 255 || hasControl(host) ? '' : host };
}

function hasControl(text: string): boolean {
  return /\p{Cc}|[\u2028\u2029\u202A-\u202E\u2066-\u2069]/u.test(text);
}
