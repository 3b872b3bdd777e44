import { UserError } from '../../core/text/userError';
import { documentElements } from '../../formats/evaluation/documentElements';
import type { Output } from '../output';
import { printCocoEval } from './cocoEval';
import { diskFile } from './diskFile';
import type { EvalCommand } from './evalArguments';
import { printTraceEval } from './traceEval';

/** Evaluates a list of results, or the rollouts of a trace. */
export async function printEval(command: EvalCommand, out: Output): Promise<void> {
  const { truth, path } = command;
  if (truth !== null && (await isResults(path))) await printCocoEval(truth, command, out);
  else await printTraceEval(command, out);
}

/** Whether the file is a list whose first element names an image and a category. */
async function isResults(path: string): Promise<boolean> {
  if (!/\.json$/i.test(path)) return false;
  try {
    const head = new TextDecoder().decode(await diskFile(path).read(0, 4096));
    if (!head.trimStart().startsWith('[')) return false;
    for await (const [first] of documentElements(diskFile(path))) {
      const value = first?.value;
      return (
        first?.list === '' &&
        typeof value === 'object' &&
        value !== null &&
        'image_id' in value &&
        'category_id' in value
      );
    }
  } catch (error) {
    if (!UserError.is(error)) throw error;
    return false;
  }
  // An empty list: nothing was found.
  return true;
}
