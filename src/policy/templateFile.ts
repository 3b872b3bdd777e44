import { open } from 'node:fs/promises';
import { UserError } from '../core/text/userError';

/** A prompt is text for a model, not a document. */
const mostBytes = 65_536;

/** The file's text to the letter, but for one line break at its end, which editors put there unasked. */
export async function readTemplate(path: string): Promise<string> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${path}: the prompt cannot be read (${error.code ?? error.message})`);
  });
  try {
    const { size } = await file.stat();
    if (size > mostBytes) throw new UserError(`${path}: the prompt is ${size} bytes; at most ${mostBytes} are read`);
    return (await file.readFile('utf8')).replace(/\r?\n$/, '');
  } finally {
    await file.close();
  }
}
