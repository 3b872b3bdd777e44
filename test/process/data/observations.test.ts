import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, openTrace, startClient, verlLine } from './openClient';

/** A turn as Mini-o3's `save_traj_and_obs` writes it; the crop it led to is `observation_{turn + 1}_resized_image.jpg`. */
const turn = (index: number, text: string) => `{"turn_idx": ${index}, "text_output": ${JSON.stringify(text)}}\n`;
const start = '{"doc_id": "7", "initial_prompt": "<image>\\nWhat colour?", "ground_truth": "red"}\n';
const look = '<grounding>{"bbox_2d": [0.1, 0.2, 0.3, 0.4], "source": "original_image"}</grounding>';

async function opened(files: Readonly<Record<string, string>>, path = '') {
  const folder = await makeFolder(files);
  const { client } = await startClient();
  const trace = await openTrace(client, join(folder, path));
  await trace.scanned();
  const view = (row: number, observation: number) =>
    client.call('image/view', { traceId: trace.traceId, row, observation });
  return { folder, trace, view };
}

describe('the picture that came back to the policy', () => {
  it('is the file that the writer kept of it, whether the folder or the log was opened', async () => {
    const files = {
      'run/7/traj.jsonl': start + turn(0, look) + turn(1, '<answer>red</answer>'),
      'run/7/original_image.jpg': 'whole',
      'run/7/observation_1_original_image.jpg': 'crop',
      'run/7/observation_1_resized_image.jpg': 'crop as seen',
    };
    for (const path of ['run', 'run/7', 'run/7/traj.jsonl']) {
      const { trace, view } = await opened(files, path);
      const { observations } = await trace.rollout(0);
      expect(observations).toMatchObject([{ turn: 0, name: 'observation_1', view: { kind: 'file' } }]);
      const found = await view(0, 0);
      expect(await readFile(found?.path ?? '', 'utf8')).toBe('crop as seen');
    }
  });

  it('is refused where there is none, and where there is no such row', async () => {
    const { view } = await opened({ '7.jsonl': verlLine() }, '7.jsonl');
    await expect(view(0, 0)).rejects.toThrow('Nothing came back to the policy as image 1');
    await expect(view(9, 0)).rejects.toThrow('no row 10');
  });
});
