import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wandbTable } from '../../../src/formats/wandbTable';
import { memoryDir } from './memoryDir';

const file = 'completions_1_ab.table.json';
const tableOf = (columns: readonly string[], ...rows: readonly unknown[]) => JSON.stringify({ columns, data: rows });
const rowsOf = async (columns: readonly string[], row: unknown) =>
  (await wandbTable.readAll?.(
    JSON.stringify(row),
    { file, line: 1, element: 3 },
    memoryDir({ [file]: tableOf(columns, row) }),
  )) ?? [];

describe('a wandb table', () => {
  it('is told by columns of prompts and responses', async () => {
    const detect = (columns: readonly string[]) =>
      wandbTable.detect({ dir: memoryDir({ [file]: tableOf(columns, []) }), file });
    expect(await detect(['step', 'prompt', 'completion'])).not.toBeNull();
    expect(await detect(['step', 'input_1', 'output_1', 'score_1'])).not.toBeNull();
    expect(await detect(['epoch', 'loss'])).toBeNull();
    expect(await wandbTable.detect({ dir: memoryDir({ [file]: '{"columns": ["prompt"' }), file })).toBeNull();
  });

  it('opens from the folder of a run: of tables with all rows so far the newest, of others all', async () => {
    const long = (step: number) => tableOf(['step', 'prompt', 'completion'], [String(step), 'a', 'b']);
    const dir = memoryDir({
      'files/media/table/completions_100_0a1b.table.json': long(100),
      'files/media/table/completions_20_0a1c.table.json': long(20),
      'files/media/table/val/generations_5_0a1d.table.json': tableOf(['step', 'input_1', 'output_1'], [5, 'a', 'b']),
      'files/media/table/val/generations_10_0a1e.table.json': tableOf(['step', 'input_1', 'output_1'], [10, 'a', 'b']),
      'files/media/table/losses_3_0a1f.table.json': tableOf(['epoch', 'loss'], [1, 2]),
    });
    expect((await wandbTable.detect({ dir, file: null }))?.files).toEqual([
      'files/media/table/completions_20_0a1c.table.json',
      'files/media/table/completions_100_0a1b.table.json',
      'files/media/table/val/generations_10_0a1e.table.json',
    ]);
    expect(await wandbTable.detect({ dir: memoryDir({ 'a.json': '{}' }), file: null })).toBeNull();
  });

  it('keeps reward functions as fields, and has no total where the table has none', async () => {
    const [row] = await rowsOf(['step', 'prompt', 'completion', 'accuracy_reward'], ['10', 'a', 'b', 0.5]);
    expect(row).toMatchObject({ element: 3, record: { step: 10, prompt: 'a', response: 'b', reward: null } });
    expect(row?.record?.fields).toEqual([{ name: 'accuracy_reward', value: 0.5 }]);
  });

  it('with anything in its cells or names opens or says why not', async () => {
    const name = fc.constantFrom(
      'step',
      'prompt',
      'completion',
      'score',
      'image',
      'input_1',
      'output_1',
      '__proto__',
      'x',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(name), fc.jsonValue(), async (columns, row) => {
        const rows = await rowsOf(columns, row);
        expect(rows.length).toBeGreaterThan(0);
        for (const { record, problems } of rows) expect(record !== null || problems.length > 0).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
