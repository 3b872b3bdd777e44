import type { RolloutRecord } from '../core/trajectory/rollout';
import { fromBase64 } from './base64';
import type { MessageImage } from './messages';

type Views = Pick<RolloutRecord, 'imageName' | 'imageTrouble' | 'imageView' | 'observations'>;

/**
 * What a conversation's images are to its rollout: the first one that was asked about is the row's own, those from the
 * first answer on are what came back. Embedded ones are counted over the whole conversation (`embeddedImage`).
 */
export function viewsOf(images: readonly MessageImage[]): Views {
  let count = 0;
  const placed = images.map((image) => ({ image, index: image.kind === 'embedded' ? count++ : -1 }));
  const [asked] = placed.filter(({ image }) => image.turn === null);
  const observations = placed.flatMap(({ image, index }, i) => {
    if (image.turn === null) return [];
    return [{ turn: image.turn, name: nameOf(image, i), view: viewOf(image, index) }];
  });
  return { ...own(asked), ...(observations.length === 0 ? {} : { observations }) };
}

/** Bytes of the `index`-th embedded image; null where there is none, or it is no base64. */
export function embeddedImage(images: readonly MessageImage[], index: number): Uint8Array | null {
  const image = images.filter(({ kind }) => kind === 'embedded')[index];
  return image?.kind === 'embedded' ? contentBytes(image.content) : null;
}

/** Bytes of a data URI in base64, or of base64 alone. */
export function contentBytes(content: string): Uint8Array | null {
  if (!/^data:/i.test(content)) return fromBase64(content);
  const comma = content.indexOf(',');
  return comma > 0 && /;base64$/i.test(content.slice(0, Math.min(comma, 256))) ? fromBase64(content, comma + 1) : null;
}

function own(asked: { readonly image: MessageImage; readonly index: number } | undefined): Views {
  if (asked === undefined) return { imageName: null };
  const { image, index } = asked;
  if (image.kind === 'path') return { imageName: image.path };
  if (image.kind === 'embedded') return { imageName: null, imageView: { kind: 'embedded', index } };
  return { imageName: null, imageTrouble: 'The image was taken out of the log, and the row names no file' };
}

function viewOf(image: MessageImage, index: number) {
  if (image.kind === 'path') return { kind: 'file', path: image.path } as const;
  return image.kind === 'embedded' ? ({ kind: 'embedded', index } as const) : ({ kind: 'blank' } as const);
}

function nameOf(image: MessageImage, i: number): string {
  return image.kind === 'path' ? image.path : `image ${i + 1}`;
}
