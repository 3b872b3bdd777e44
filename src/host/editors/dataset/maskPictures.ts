import type { DatasetAnnotation, DatasetImage } from '../../../core/dataset/datasetImage';
import { withDecodedMask } from '../../../core/dataset/decodedMask';
import type { MaskPicture } from '../../../core/dataset/shape';
import type { MediaClient } from '../../../media/client';
import type { MaskRequest } from '../../../protocol/media';
import { placeIn } from '../placeIn';

/**
 * An image whose masks in pictures of their own are masks, with area and box. One that cannot be read stays as it is, and says why
 * among its attributes.
 * @param root absolute folder that the pictures' names are relative to.
 */
export async function withMasks(
  image: DatasetImage,
  root: string,
  { media }: { readonly media: Pick<MediaClient, 'mask'> },
  signal: AbortSignal,
): Promise<DatasetImage> {
  if (image.annotations.every(({ shape }) => shape.kind !== 'maskPicture')) return image;
  const annotations = await Promise.all(
    image.annotations.map(async (annotation): Promise<DatasetAnnotation> => {
      try {
        return await withDecodedMask(annotation, (picture) => media.mask(requestOf(picture, root, image), signal));
      } catch (error) {
        signal.throwIfAborted();
        const trouble = error instanceof Error ? error.message : String(error);
        return { ...annotation, attributes: { ...annotation.attributes, trouble } };
      }
    }),
  );
  return { ...image, annotations };
}

function requestOf({ source, at, above }: MaskPicture, root: string, { size }: DatasetImage): MaskRequest {
  if (source.kind === 'base64') return { source, above, at, size };
  return { source: { kind: 'file', path: placeIn(root, source.file, null) }, above, at, size };
}
