import { imageNames } from '../../../core/trajectory/imageNames';
import type { RolloutRecord } from '../../../core/trajectory/rollout';
import { sampleKeys } from '../../../core/trajectory/sampleKey';
import { textHash } from '../images/textHash';

/** A picture that no log names: one of its group's row alone, or none that is known of. */
const unnamed = 0;

/** What a row asks; see `SampleTable`. */
export interface SampleHashes {
  readonly question: number;
  readonly named: number;
  /** Null for a picture without a name in the row itself. */
  readonly picture: number | null;
}

/** @param file that the row stands in. */
export function sampleHashes(
  record: Pick<RolloutRecord, 'prompt' | 'groundTruth' | 'imageName' | 'imageView' | 'fields'>,
  file: string,
): SampleHashes {
  const { prompt, groundTruth, imageView } = record;
  const [name = null] = imageNames(record);
  const image = name ?? (imageView?.kind === 'embedded' ? (imageView.key ?? null) : null);
  const keys = sampleKeys({ prompt, groundTruth, image });
  // Two images without a name, each inside its own row, may differ under one prompt.
  const own = image === null && imageView !== undefined;
  return {
    question: keys === null ? Number.NaN : textHash(keys.question),
    named: keys === null || own ? Number.NaN : textHash(keys.named),
    picture: own ? null : image === null ? unnamed : textHash(asWritten(image, file)),
  };
}

/** What each group asks, by group, as far as its rows tell: `joinSamples` looks at the pictures themselves. */
export class SampleTable {
  /** Hashes of prompt and ground truth; NaN for a group that says nothing about its prompt. */
  private questions = new Float64Array(256);
  /** Hashes of the same with the image's name; NaN where a picture has no name and stands in its row alone. */
  private named = new Float64Array(256);
  /** Hashes of the image as the log writes it, with its folders; below zero, and unlike any other, for a row's own. */
  private pictures = new Float64Array(256);
  private length = 0;

  /** Takes what the first row of the next group asks. */
  add({ question, named, picture }: SampleHashes): void {
    if (this.length === this.questions.length) this.grow();
    const group = this.length++;
    this.questions[group] = question;
    this.named[group] = named;
    this.pictures[group] = picture ?? -1 - group;
  }

  /** Equal for equal prompts and ground truths of any trace; null for a group that says nothing about its prompt. */
  question(group: number): number | null {
    return known(this.questions[group]);
  }

  /** Equal, besides, for equal names of the image; null also for a picture without a name in its own row. */
  name(group: number): number | null {
    return known(this.named[group]);
  }

  /** Equal for images that the trace's own log writes alike. */
  picture(group: number): number {
    return this.pictures[group] ?? unnamed;
  }

  /** Whether the log says anything of an image. */
  hasPicture(group: number): boolean {
    return this.picture(group) !== unnamed;
  }

  /** Groups of equal prompt, ground truth and name of the image, `group` among them, in the order of the trace. */
  same(group: number): readonly number[] {
    return this.equal(this.named, group);
  }

  /** Groups of equal prompt and ground truth, `group` among them, in the order of the trace. */
  asking(group: number): readonly number[] {
    return this.equal(this.questions, group);
  }

  private equal(hashes: Float64Array, group: number): readonly number[] {
    const hash = hashes[group] ?? Number.NaN;
    if (Number.isNaN(hash)) return [group];
    const found: number[] = [];
    for (let other = 0; other < this.length; other++) if (hashes[other] === hash) found.push(other);
    return found;
  }

  private grow(): void {
    const bigger = (from: Float64Array) => {
      const to = new Float64Array(this.length * 2);
      to.set(from);
      return to;
    };
    this.questions = bigger(this.questions);
    this.named = bigger(this.named);
    this.pictures = bigger(this.pictures);
  }
}

/** A name without a root is one of another picture in another folder of the trace. */
function asWritten(image: string, file: string): string {
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  return /^(?:[\\/]|[A-Za-z]:|[a-z]{2,9}:\/\/)/.test(image) ? image : `${folder}${image}`;
}

function known(hash: number | undefined): number | null {
  return hash === undefined || Number.isNaN(hash) ? null : hash;
}
