import { seededRandom } from '../collections/seededRandom';
import { type Box, boxArea, boxHeight, boxWidth, intersectionArea, type Size } from '../geometry/box';
import type { ProbeKind } from '../metric/faithfulness';
import { corruptThought } from './corruptThought';

/** How a part of the image is shown: as it is, blurred past recognition, or as one grey. */
export type PartLook = 'plain' | 'blurred' | 'blank';

export interface ShownPart {
  /** In stored pixels of the original. */
  readonly box: Box;
  readonly look: PartLook;
}

/** What a rollout saw and thought before it answered. */
export interface Evidence {
  /** Parts it looked at, in stored pixels of the original. */
  readonly regions: readonly Box[];
  /** Where the answer is known to lie. */
  readonly truth: readonly Box[];
  readonly imageSize: Size;
  /** Null where none is known. */
  readonly thought: string | null;
  readonly options: readonly string[];
  readonly seed: number;
}

/** What the question is asked again with. */
export interface ProbeView {
  readonly parts: readonly ShownPart[];
  /** What the model is told that it thought; null for nothing. */
  readonly thought: string | null;
}

/** The evidence of a rollout, changed; null where it cannot be: nothing was looked at, there is no other place, no thought to corrupt. */
export function probeView(kind: ProbeKind, evidence: Evidence): ProbeView | null {
  const { regions, thought, options } = evidence;
  const shown = (look: PartLook): ProbeView | null =>
    regions.length === 0 ? null : { parts: regions.map((box) => ({ box, look })), thought: null };
  switch (kind) {
    case 'same':
      return { parts: regions.map((box) => ({ box, look: 'plain' })), thought: null };
    case 'blurred':
    case 'blank':
      return shown(kind);
    case 'elsewhere': {
      const other = elsewhere(evidence);
      return other === null ? null : { parts: other.map((box) => ({ box, look: 'plain' })), thought: null };
    }
    case 'thought': {
      const wrong = thought === null ? null : corruptThought(thought, options);
      return wrong === null ? null : { parts: regions.map((box) => ({ box, look: 'plain' })), thought: wrong };
    }
  }
}

const tries = 64;
/** Share of a part elsewhere that may show what was looked at. */
const mostShared = 0.1;

/** For each region a part of its size that shows as little as there can be of any region and of the truth; null where one has none. */
function elsewhere({ regions, truth, imageSize, seed }: Evidence): readonly Box[] | null {
  const random = seededRandom(seed);
  const avoided = [...regions, ...truth];
  const others = regions.flatMap((region) => {
    const [width, height] = [boxWidth(region), boxHeight(region)];
    let best: Box | null = null;
    let least = mostShared * boxArea(region);
    for (let i = 0; i < tries; i++) {
      const x1 = Math.floor(random() * (imageSize.width - width + 1));
      const y1 = Math.floor(random() * (imageSize.height - height + 1));
      const box = { x1, y1, x2: x1 + width, y2: y1 + height };
      const shared = avoided.reduce((sum, one) => sum + intersectionArea(box, one), 0);
      if (shared < least || (best === null && shared <= least)) [best, least] = [box, shared];
    }
    return best ?? [];
  });
  return others.length === regions.length && others.length > 0 ? others : null;
}
