import { expect, test } from 'vitest';
import { seeded } from '../../../../scripts/samples/random';
import { ColourModel } from '../../../../src/inference/process/segmenters/basic/colourModel';

/** Pixels of two colours, the second three times as often, each with its own spread. */
function twoColours(count: number): Float32Array {
  const random = seeded(5);
  const colours = new Float32Array(count * 3);
  for (let i = 0; i < count; i++) {
    const [mean, spread] = i % 4 === 0 ? [[200, 40, 40], 3] : [[40, 90, 160], 9];
    for (let c = 0; c < 3; c++) colours[i * 3 + c] = (mean[c] ?? 0) + spread * random.normal();
  }
  return colours;
}

test('the density is that of the Gaussian that the pixels were drawn from', () => {
  const random = seeded(3);
  const colours = Float32Array.from({ length: 6000 * 3 }, (_, i) => [120, 60, 30][i % 3] ?? 0).map(
    (mean) => mean + 10 * random.normal(),
  );
  const model = new ColourModel(1);
  expect(model.begin(colours, new Uint8Array(6000).fill(1))).toBe(true);
  const at = (r: number, g: number, b: number) => model.logDensity(Float32Array.of(r, g, b), 0);
  // The variance is 100 and the least variance, 6, on top; three axes, two deviations away on one of them.
  expect(at(120, 60, 30)).toBeCloseTo(-1.5 * Math.log(106), 1);
  expect(at(120, 60, 30) - at(140, 60, 30)).toBeCloseTo(400 / 2 / 106, 1);
});

test('components find the colours, weighted by how often they are', () => {
  const colours = twoColours(4000);
  const model = new ColourModel(2);
  model.begin(colours, new Uint8Array(4000).fill(1));
  model.refine(colours, new Uint8Array(4000).fill(1));
  const rare = model.logDensity(Float32Array.of(200, 40, 40), 0);
  const common = model.logDensity(Float32Array.of(40, 90, 160), 0);
  expect(rare).toBeCloseTo(Math.log(0.25) - 1.5 * Math.log(9 + 6), 0);
  expect(common).toBeCloseTo(Math.log(0.75) - 1.5 * Math.log(81 + 6), 0);
  expect(model.logDensity(Float32Array.of(120, 65, 100), 0)).toBeLessThan(Math.min(rare, common) - 20);
});

test('pixels without weight do not count, and none at all make no model', () => {
  const colours = twoColours(400);
  const model = new ColourModel(2);
  model.begin(
    colours,
    Uint8Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 1 : 0)),
  );
  const rare = model.logDensity(Float32Array.of(200, 40, 40), 0);
  expect(rare - model.logDensity(Float32Array.of(40, 90, 160), 0)).toBeGreaterThan(100);
  expect(new ColourModel(5).begin(colours, new Uint8Array(400))).toBe(false);
});

test('fewer colours than components are no trouble', () => {
  const model = new ColourModel(5);
  model.begin(new Float32Array(30).fill(80), new Uint8Array(10).fill(1));
  expect(model.logDensity(Float32Array.of(80, 80, 80), 0)).toBeCloseTo(-1.5 * Math.log(6), 5);
});
