import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../../src/cli/arguments';
import { exportFormats } from '../../../src/formats/export/exportFormats';
import { answerOf, exportArguments } from '../../../src/host/export/exportPlan';

describe('what the editor asks the command line', () => {
  it('is understood for every format', () => {
    for (const { id, unit } of exportFormats) {
      const choice = unit === 'judged' || unit === 'dataset' ? null : unit === 'pair' ? 'all' : 'threshold:-0.5';
      const right = unit === 'judged' ? -0.5 : null;
      const overrides = { datasetFiles: ['/d.parquet'], imageRoots: ['/i'] };
      const plan = { trace: '/logs/-7.jsonl', to: id, choice, right, partial: false, overrides, annotations: ['/a'] };
      expect(parseCommand(exportArguments(plan, '/out'))).toMatchObject({
        name: 'export',
        path: '/logs/-7.jsonl',
        json: true,
        overrides,
        export: { to: id, output: '/out', dryRun: false, right, annotationFolders: ['/a'] },
      });
      expect(parseCommand(exportArguments(plan, null))).toMatchObject({ export: { output: null, dryRun: true } });
    }
  });

  it('is answered by a manifest, or by nothing that is shown', () => {
    const written = { records: 2, rollouts: 3, pictures: 1 };
    expect(answerOf(JSON.stringify({ written, leftOut: [{ reason: 'x', rollouts: 4, examples: [] }] }))).toEqual({
      records: 2,
      rollouts: 3,
      leftOut: 4,
      partial: 0,
    });
    const left = [
      { reason: 'a partial group: its size is not that of the run (--partial takes it)', rollouts: 3 },
      { reason: 'it has no reward', rollouts: 2 },
    ];
    expect(answerOf(JSON.stringify({ written, leftOut: left }))).toMatchObject({ leftOut: 5, partial: 3 });
    for (const text of ['', '[]', 'null', '{"written":{}}', '{"written":{"records":1,"rollouts":1}}'])
      expect(answerOf(text)).toBeNull();
  });
});
