import { describe, expect, it, vi } from 'vitest';
import type { AnnotationRecord } from '../../../src/core/annotation/annotation';
import { idOf } from '../../../src/core/annotation/annotation';
import { wholeKey } from '../../../src/host/annotations/traceAnnotations';
import { MarkColumns } from '../../../src/host/editors/dataset/markColumns';

vi.mock('vscode', () => ({}));

/** Notes whose records change by hand, and a data child that says what it was told. */
function parts() {
  const told: { method: string; params: unknown }[] = [];
  let openings = 1;
  let changed: (revision: number, records: ReadonlyMap<string, AnnotationRecord | null>) => void = () => undefined;
  const notes = {
    annotations: {
      listen: (listener: { changed: typeof changed }) => {
        changed = listener.changed;
        return { dispose: () => undefined };
      },
    },
    marks: async () => [],
    edits: async (keys: ReadonlySet<string> | null) => [...(keys ?? ['all'])].map((key) => ({ key, changes: [] })),
  };
  const link = {
    get openings() {
      return openings;
    },
    // A data child that was started anew counts sets from one again.
    whenOpen: async () => ({ setId: 1 }),
    ask: async (method: string, params: unknown) => {
      told.push({ method, params });
      return method === 'imageset/edits' ? [4] : null;
    },
  };
  const failed = vi.fn();
  const columns = new MarkColumns(notes as never, link as never, failed);
  const edit = (...keys: string[]) =>
    changed(1, new Map(keys.map((key) => [idOf({ kind: 'image', key: wholeKey('set.json', key) }), null])));
  const edits = () => told.filter(({ method }) => method === 'imageset/edits').map(({ params }) => params);
  return { columns, edit, edits, failed, reopen: () => openings++ };
}

describe('what the data child is told of edits', () => {
  it('is all of them when the set was opened, and afterwards only images that changed since', async () => {
    const { columns, edit, edits, failed, reopen } = parts();
    const heard: (readonly number[])[] = [];
    columns.onEdited((images) => heard.push(images));
    await columns.settled();
    await columns.settled();
    expect(edits()).toEqual([{ edits: [{ key: 'all', changes: [] }], whole: true }]);
    edit('7', '9');
    edit('7');
    await columns.settled();
    const some = ['7', '9'].map((key) => ({ key, changes: [] }));
    expect(edits()[1]).toEqual({ edits: some, whole: false });
    reopen();
    await columns.settled();
    expect(edits()[2]).toMatchObject({ whole: true });
    expect(heard).toEqual([[4], [4], [4]]);
    expect(failed).not.toHaveBeenCalled();
    columns.dispose();
  });
});
