import { Annotator } from '../core/click/annotator';
import type { Box, Size } from '../core/geometry/box';
import { maskIou } from '../core/mask/pixels';
import type { InferenceClient } from '../inference/client';
import type { ModelInfo } from '../protocol/segment';
import { ClickedImage, eachObject, pixelsOf, readObject } from './clickedObject';
import type { TrueObject } from './maskDataset';
import type { ReadPixels } from './models';
import { type Output, printable, toJson } from './output';

/** How far a model agrees with a mask of a dataset. */
interface CheckedMask {
  readonly image: string;
  readonly label: string;
  /** IoU with the model's mask that is most like it, 0–1. */
  readonly agreement: number;
  /** What the model expects the IoU of that mask to be; null where it does not say. */
  readonly score: number | null;
}

/**
 * Annotation filtering: each mask's box (its middle, for a model of clicks alone) is given to the model, and masks that it would draw otherwise,
 * or is not sure of, are told, the most doubtful first. It is a reason to look, no proof.
 * @param below agreement or score under which a mask is flagged, 0–1.
 */
export async function flagMasks(
  tools: { readonly client: InferenceClient; readonly pixels: ReadPixels; readonly tell: (message: string) => void },
  model: ModelInfo,
  objects: readonly TrueObject[],
  { below, json }: { readonly below: number; readonly json: boolean },
  out: Output,
): Promise<number> {
  const { client, pixels, tell } = tools;
  const flagged: CheckedMask[] = [];
  let checked = 0;
  const failed = await eachObject(objects, tell, async (object) => {
    const read = await readObject(pixels, object);
    if (read === null) {
      flagged.push({ image: object.image, label: object.label, agreement: 0, score: null });
      return;
    }
    checked++;
    const { truth, size } = read;
    const clicked = new ClickedImage(client, object.image, model.id);
    const middle = model.boxes ? null : new Annotator(truth, size).next(new Uint8Array(truth.length));
    const answer = await clicked.answer(middle === null ? [] : [middle], middle === null ? boxOf(truth, size) : null);
    const found = answer.candidates
      .map(({ mask, score }) => ({ agreement: maskIou(pixelsOf(mask), truth), score }))
      .reduce((best, one) => (one.agreement > best.agreement ? one : best), { agreement: 0, score: null } as Pick<
        CheckedMask,
        'agreement' | 'score'
      >);
    if (found.agreement < below || (found.score !== null && found.score < below))
      flagged.push({ image: object.image, label: object.label, ...found });
  });
  flagged.sort((a, b) => a.agreement - b.agreement);
  if (json) await out.line(toJson({ model: model.id, below, checked, failed, flagged }));
  else {
    for (const { image, label, agreement, score } of flagged) {
      const sure = score === null ? '' : `, score ${score.toFixed(2)}`;
      await out.line(printable(`${agreement.toFixed(2)}${sure}  ${image}${label === '' ? '' : `  ${label}`}`));
    }
    await out.line(`${flagged.length} of ${objects.length} masks are doubted by ${model.title}`);
  }
  return failed;
}

function boxOf(mask: Uint8Array, { width, height }: Size): Box {
  let [x1, y1, x2, y2] = [width, height, 0, 0];
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] !== 1) continue;
    const x = i % width;
    const y = (i - x) / width;
    [x1, y1, x2, y2] = [Math.min(x1, x), Math.min(y1, y), Math.max(x2, x + 1), Math.max(y2, y + 1)];
  }
  return { x1, y1, x2, y2 };
}
