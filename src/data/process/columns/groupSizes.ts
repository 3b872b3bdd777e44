import type { Size } from '../../../core/geometry/box';
import type { LoggedSizes } from '../../../core/geometry/frame';

/** Sizes that logs give of each group's image and of the model's input, by group; no memory where logs give none. */
export class GroupSizes {
  /** Image width and height, input width and height by group; 0 where they are not logged. */
  private sizes = new Uint32Array(0);

  add(group: number, { loggedImageSize, inputSize }: LoggedSizes): void {
    if (loggedImageSize === null && inputSize === null) return;
    if (4 * group >= this.sizes.length) {
      const bigger = new Uint32Array(Math.max(1024, 8 * (group + 1)));
      bigger.set(this.sizes);
      this.sizes = bigger;
    }
    this.sizes.set(
      [loggedImageSize, inputSize].flatMap((size) => [size?.width ?? 0, size?.height ?? 0]),
      4 * group,
    );
  }

  of(group: number): LoggedSizes {
    return { loggedImageSize: this.at(4 * group), inputSize: this.at(4 * group + 2) };
  }

  private at(from: number): Size | null {
    const [width = 0, height = 0] = this.sizes.subarray(from, from + 2);
    return width === 0 || height === 0 ? null : { width, height };
  }
}
