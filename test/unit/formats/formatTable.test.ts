import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { formatFacts, withFormatTable } from '../../../scripts/formatFacts';
import { traceFormats } from '../../../src/formats/detect';

test('the README’s table of what formats hold is that of the formats; WRITE_README=1 writes it anew', async () => {
  const readme = await readFile('README.md', 'utf8');
  if (process.env.WRITE_README === '1') await writeFile('README.md', withFormatTable(readme));
  else expect(readme).toBe(withFormatTable(readme));
  expect(traceFormats.map(({ id }) => id).sort()).toEqual(Object.keys(formatFacts).sort());
});

test('a format that logs advantages says so, and no other', async () => {
  for (const { id } of traceFormats) {
    const claims = formatFacts[id].advantages === 'a field';
    expect([id, claims]).toEqual([
      id,
      ['policy-trace', 'swift-completions', 'trl-completions', 'wandb-table'].includes(id),
    ]);
  }
});
