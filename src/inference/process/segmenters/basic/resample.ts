import type { Box, Size } from '../../../../core/geometry/box';

/**
 * A part of a picture, scaled; three numbers a pixel. Every pixel is the mean of what it covers (at least one pixel).
 * @param rgb row-major, three bytes a pixel.
 * @param part in pixels of the picture, inside it.
 */
export function scaledPart(rgb: Uint8Array, { width }: Size, part: Box, to: Size): Float32Array {
  const result = new Float32Array(to.width * to.height * 3);
  const columns = edges(part.x1, part.x2, to.width);
  const rows = edges(part.y1, part.y2, to.height);
  for (let y = 0; y < to.height; y++) {
    const [top = 0, bottom = 0] = [rows[y * 2], rows[y * 2 + 1]];
    for (let x = 0; x < to.width; x++) {
      const [left = 0, right = 0] = [columns[x * 2], columns[x * 2 + 1]];
      let [r, g, b] = [0, 0, 0];
      for (let v = top; v < bottom; v++) {
        for (let i = (v * width + left) * 3; i < (v * width + right) * 3; i += 3) {
          r += rgb[i] ?? 0;
          g += rgb[i + 1] ?? 0;
          b += rgb[i + 2] ?? 0;
        }
      }
      const count = (bottom - top) * (right - left);
      const at = (y * to.width + x) * 3;
      result[at] = r / count;
      result[at + 1] = g / count;
      result[at + 2] = b / count;
    }
  }
  return result;
}

/** Of each of `count` cells between two places the first pixel and the one after the last. */
function edges(from: number, to: number, count: number): Int32Array {
  const result = new Int32Array(count * 2);
  const size = (to - from) / count;
  for (let i = 0; i < count; i++) {
    const first = Math.floor(from + i * size + 1e-6);
    result[i * 2] = first;
    result[i * 2 + 1] = Math.max(first + 1, Math.floor(from + (i + 1) * size + 1e-6));
  }
  return result;
}

/** The value of a mask between pixels, bilinear; `u` and `v` count from the middle of the first pixel. */
export function sampleAt(mask: Uint8Array, { width, height }: Size, u: number, v: number): number {
  const [x, y] = [Math.max(0, Math.min(width - 1, u)), Math.max(0, Math.min(height - 1, v))];
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, bottom] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)];
  const [across, down] = [x - left, y - top];
  const upper = (mask[top * width + left] ?? 0) * (1 - across) + (mask[top * width + right] ?? 0) * across;
  const lower = (mask[bottom * width + left] ?? 0) * (1 - across) + (mask[bottom * width + right] ?? 0) * across;
  return upper * (1 - down) + lower * down;
}
