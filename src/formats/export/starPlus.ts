import type { RefinedClick } from '../../core/click/starPlus';
import type { Size } from '../../core/geometry/box';

/** What SegAgent's Qwen model is asked (`evaltools/model_loader.py`); the picture shows the mask in half-transparent green. */
function question(caption: string): string {
  return `<image>Please optimize the semi-transparent green mask in a point-wise manner based on the image and description content, so that it covers the target object as accurately as possible. The object description is as follows:<ref>${caption}</ref>`;
}

/**
 * One state and the action to take in it, as LLaMA-Factory reads them (`formatting: sharegpt`). SegAgent writes a point as
 * (y, x), whole numbers of [0, 1000).
 */
export function starPlusRecord(
  { click }: RefinedClick,
  caption: string,
  { width, height }: Size,
  image: string,
): object {
  const share = (at: number, side: number) => Math.min(999, Math.round((at * 1000) / side));
  const point = `(${share(click.y, height)}, ${share(click.x, width)})`;
  return {
    conversations: [
      { from: 'human', value: question(caption) },
      { from: 'gpt', value: `${click.positive ? 'Positive' : 'Negative'} point: ${point}` },
    ],
    system: '',
    images: [image],
  };
}

/** What an object is called: the caption behind the question where the log holds both, the first of several. */
export function captionOf(prompt: string): string {
  const asked = prompt
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const plain = asked.filter(
    (line) => !/<img>|<image>|Picture 1:|optimize the semi-transparent|skilled segmentation annotator/.test(line),
  );
  return (plain[0] ?? '').replace(/^<ref>(.*)<\/ref>$/, '$1');
}
