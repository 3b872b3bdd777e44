/**
 * Writes lines to a stream at the reader's pace. When the reader has gone (`| head`), the process ends quietly: nobody
 * is left to be told anything.
 */
export class Output {
  constructor(private readonly stream: NodeJS.WriteStream) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }

  async line(text: string): Promise<void> {
    if (this.stream.write(`${text}\n`)) return;
    await new Promise((resolve) => this.stream.once('drain', resolve));
  }

  /** Resolves once everything has left the process. */
  flush(): Promise<void> {
    return new Promise((resolve) => this.stream.write('', () => resolve()));
  }
}

/** JSON with the numbers it cannot hold as "NaN", "Infinity" and "-Infinity"; `indent` as in `JSON.stringify`. */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_, item: unknown) => (typeof item === 'number' && !Number.isFinite(item) ? String(item) : item),
    indent,
  );
}

/** Control characters of logged text would move the terminal's cursor or colours: shown as `?`. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to be removed
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '?');
}

/** One line of a table, whatever stands in the data: without line breaks, for they would start rows of their own. */
export function printableLine(text: string): string {
  return printable(text.replace(/[\n\u2028\u2029]/g, ' '));
}

/** Rows of two columns, the first padded to the longest. */
export function aligned(rows: readonly (readonly [string, string])[], indent = '  '): readonly string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${indent}${name.padEnd(width)}  ${printable(value)}`);
}
