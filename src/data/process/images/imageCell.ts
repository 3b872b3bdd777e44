import type { JsonValue } from '../../../core/text/jsonValue';
import { objectOf } from './datasetRow';

/** One image as a dataset's row gives it. `embedded`: the bytes stand in the row itself and are read when wanted. */
export type ImageCell =
  | { readonly kind: 'embedded' }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'null' };

const embedded: ImageCell = { kind: 'embedded' };
const nothing: ImageCell = { kind: 'null' };
const maxImages = 256;

/** The images of a JSON value: a path, a data URI or bare base64, an object with one of them, or a list of such. */
export function imageCells(value: JsonValue | undefined): readonly ImageCell[] {
  if (Array.isArray(value)) return value.slice(0, maxImages).map((item: JsonValue) => imageCell(item));
  return value === undefined || value === null ? [] : [imageCell(value)];
}

function imageCell(value: JsonValue): ImageCell {
  if (typeof value === 'string') return value === '' ? nothing : isEmbedded(value) ? embedded : pathCell(value);
  const object = objectOf(value);
  if (object === null) return nothing;
  if (typeof object.bytes === 'string' && object.bytes !== '') return embedded;
  const path = pathField(object);
  return path === null ? nothing : isEmbedded(path) ? embedded : pathCell(path);
}

/** Text of the image at `index`: base64, with or without the head of a data URI. Null when there is none. */
export function embeddedBytes(value: JsonValue | undefined, index: number): Uint8Array | null {
  const item: JsonValue | undefined = Array.isArray(value) ? value[index] : index === 0 ? value : undefined;
  const object = objectOf(item);
  const text = object === null ? item : typeof object.bytes === 'string' ? object.bytes : pathField(object);
  return typeof text === 'string' ? decodeEmbedded(text) : null;
}

export function decodeEmbedded(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replace(/^data:[^,]*,/, ''), 'base64'));
}

/** A data URI, or base64 as JPEG, PNG, GIF, WebP and BMP files begin: no path looks like it at that length. */
export function isEmbedded(text: string): boolean {
  return (
    text.startsWith('data:') ||
    (text.length > 256 && /^(?:\/9j\/|iVBOR|R0lGOD|UklGR|Qk)[A-Za-z0-9+/\s]{200}/.test(text))
  );
}

const pathCell = (path: string): ImageCell => ({ kind: 'path', path: path.replace(/^file:\/\//, '') });

function pathField(object: { readonly [key: string]: JsonValue }): string | null {
  for (const name of ['path', 'image', 'image_path', 'file_name', 'url']) {
    const value = object[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}
