import { isAbsolute, relative, resolve } from 'node:path';
import { UserError } from '../../core/text/userError';

/**
 * The absolute path of a file of a trace. What the webview names is a log's word: it may not lead out of the trace's
 * `root`, but to the run's own configuration.
 */
export function placeIn(root: string, file: string, config: string | null): string {
  const path = resolve(root, file);
  const inside = relative(root, path);
  const outside = inside === '..' || inside.startsWith('../') || inside.startsWith('..\\') || isAbsolute(inside);
  if (outside && path !== config) throw new UserError(`${file} is outside ${root} and is not opened.`);
  return path;
}
