import type { LoggedView, Observation, RolloutRecord } from '../core/trajectory/rollout';
import type { Columns } from './columns';
import { imageBytes, imageKey, type LoggedImage } from './embedded';
import { columnImages, imageColumns, takenOut } from './imageColumns';
import type { ImageSlot } from './messages';
import { fileName } from './paths';

/** Every image of a row of messages. */
export interface RowImages {
  /** The image that the prompt is about; null when the row gives none. */
  readonly own: LoggedImage | null;
  /** What came back during the rollout. */
  readonly later: readonly { readonly turn: number; readonly number: number; readonly image: LoggedImage }[];
  /** Those whose bytes stand in the row, in order: what `LoggedView.index` counts. */
  readonly embedded: readonly (LoggedImage & { readonly kind: 'embedded' })[];
}

/**
 * Brings the images of a row's columns and of its messages together. A column with as many images as the messages have
 * places without one of their own (`<image>` marks, blanked parts) fills these in order, as ms-swift and LLaMA-Factory
 * count them; any other column says what the prompt is about. A mark in the policy's own text that nothing fills is text.
 */
export function rowImages(columns: Columns, slots: readonly ImageSlot[]): RowImages {
  const lists = imageColumns.map((name) => columnImages(columns, name));
  const listed = lists.flat();
  const [first = []] = lists.filter((list) => list.length > 0);
  const open = slots.filter(({ image }) => image === null || image.kind === 'blank').length;
  const fill = open === first.length ? first.values() : null;
  const places = slots.map(({ image, turn, role }, i) => {
    const empty = image === null || image.kind === 'blank';
    const filled = empty ? (fill?.next().value ?? image) : image;
    const shown = filled ?? (role === 'assistant' ? null : ({ kind: 'blank' } as const));
    return { turn, number: i + 1, image: shown };
  });
  const own = [...listed, ...places.flatMap(({ turn, image }) => (turn === null && image !== null ? [image] : []))];
  const later = places.flatMap(({ turn, number, image }) =>
    turn === null || image === null ? [] : [{ turn, number, image }],
  );
  return {
    own: own.find(({ kind }) => kind !== 'blank') ?? own[0] ?? null,
    later,
    embedded: [...new Set([...listed, ...slots.map(({ image }) => image)])].filter(
      (image) => image?.kind === 'embedded',
    ),
  };
}

/** The record's part of a row's images. */
export function loggedImages(
  images: RowImages,
): Pick<RolloutRecord, 'imageName' | 'imageTrouble' | 'imageView' | 'observations'> {
  const { own, later } = images;
  const observations = later.map(({ turn, number, image }): Observation => {
    const name = image.kind === 'path' ? fileName(image.path) : `image ${number}`;
    return { turn, name, view: viewOf(image, images) };
  });
  return {
    imageName: own?.kind === 'path' ? own.path : null,
    ...(own?.kind === 'embedded' ? { imageView: viewOf(own, images) } : {}),
    ...(own?.kind === 'blank' ? { imageTrouble: takenOut } : {}),
    ...(observations.length > 0 ? { observations } : {}),
  };
}

/** Bytes of the `index`-th image that stands in the row; null when there is none or its base64 is broken. */
export function embeddedBytes({ embedded }: RowImages, index: number): Uint8Array | null {
  const image = embedded[index];
  return image === undefined ? null : imageBytes(image.base64);
}

function viewOf(image: LoggedImage, { own, embedded }: RowImages): LoggedView {
  if (image.kind === 'blank') return { kind: 'blank' };
  if (image.kind === 'path') return { kind: 'file', path: image.path };
  const index = embedded.indexOf(image);
  return { kind: 'embedded', index, ...(image === own ? { key: imageKey(image.base64) } : {}) };
}
