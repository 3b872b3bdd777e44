import type { ByteSource, DirEntry, DirSource } from '../../../src/core/ports';

/** A folder in memory: path → text or bytes. */
export function memoryDir(files: Readonly<Record<string, string | Uint8Array>>): DirSource {
  const bytes = new Map(
    Object.entries(files).map(([path, content]) => [
      path,
      typeof content === 'string' ? new TextEncoder().encode(content) : content,
    ]),
  );
  return {
    list: async (folder) => {
      const start = folder === '' ? '' : `${folder}/`;
      const entries = new Map<string, DirEntry>();
      for (const [path, content] of bytes) {
        if (!path.startsWith(start)) continue;
        const rest = path.slice(start.length);
        const [name = ''] = rest.split('/');
        entries.set(
          name,
          rest === name ? { name, kind: 'file', size: content.length } : { name, kind: 'directory', size: 0 },
        );
      }
      return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    open: async (path) => {
      const content = bytes.get(path);
      return content === undefined ? null : source(path, content);
    },
  };
}

/** Notes the furthest byte asked for, so that a test can tell what a signature read. */
export function source(path: string, content: Uint8Array): ByteSource & { readonly furthest: () => number } {
  let furthest = 0;
  return {
    path,
    size: async () => content.length,
    read: async (offset, length) => {
      furthest = Math.max(furthest, offset + length);
      return content.slice(offset, offset + length);
    },
    furthest: () => furthest,
  };
}

/** One line as verl writes it. */
export function verlLine(row: Readonly<Record<string, unknown>> = {}): string {
  return `${JSON.stringify({ input: 'user\nWhere?\nassistant\n', output: '<answer>A</answer>', gts: 'A', score: 1, step: 7, ...row })}\n`;
}
