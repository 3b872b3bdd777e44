import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { traceFormats } from '../../../src/formats/detect';
import { allShapes } from '../../fixtures/shapes/all';
import { pictureSize } from '../../fixtures/shapes/shape';
import { makeFolder, openTrace, startClient } from './openClient';

const shapes = await allShapes();

describe('every record shape', () => {
  it('has a fixture', () => {
    const missing = traceFormats.map(({ id }) => id).filter((id) => !shapes.some(({ format }) => format === id));
    expect(missing).toEqual([]);
  });

  it.each(shapes)('$format opens with its words, its image and no problem', async (shape) => {
    const folder = await makeFolder(shape.files);
    const { client, log } = await startClient(() => pictureSize);
    const trace = await openTrace(client, join(folder, shape.open));
    expect(trace.opened.format).toBe(shape.format);
    const info = await trace.scanned();
    expect(info.problems).toEqual([]);
    const { rollouts, image } = await trace.group(0);
    const [first] = rollouts;
    expect(`${first!.prompt}\n${first!.response}`).toContain(shape.text);
    expect(image.kind).toBe(shape.image ? 'resolved' : 'missing');
    if (image.kind === 'resolved') {
      const { path } = await client.call('image/file', { traceId: trace.traceId, ref: image.ref });
      expect(path).not.toBe('');
    }
    expect(log).toEqual([]);
  });
});
