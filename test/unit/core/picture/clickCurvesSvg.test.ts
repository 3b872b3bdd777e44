import { expect, it } from 'vitest';
import { clickCurvesSvg } from '../../../../src/core/picture/clickCurvesSvg';

const summary = {
  count: 12,
  iou: [
    { clicks: 1, mean: 0.5, error: 0.1 },
    { clicks: 2, mean: 1, error: 0 },
    { clicks: 3, mean: null, error: null },
  ],
  noc: [{ target: 0.85, mean: 1.5, error: 0.25 }],
  nof: [{ target: 0.85, count: 2 }],
};

it('draws the mean IoU of each click to scale, with its error, and says NoC and NoF', () => {
  const svg = clickCurvesSvg('photos <"x">', summary);
  // Three clicks over 640 pixels, IoU 1 at the top and 0 at the bottom.
  expect(svg).toContain('<polyline points="56.0,198.0 376.0,56.0"');
  expect(svg).toContain('<polygon points="56.0,169.6 376.0,56.0 376.0,56.0 56.0,226.4"');
  expect(svg).toContain('NoC@85  1.50 ± 0.25     NoF@85  2 of 12');
  expect(svg).toContain('photos &lt;&quot;x&quot;&gt;');
  expect(svg).not.toContain('<"x">');
});
