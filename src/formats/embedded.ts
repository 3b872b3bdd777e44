import type { JsonValue } from '../core/text/jsonValue';
import { isObject } from './columns';

/** Shorter than this, a data URI's content is what a logger left in its place: `base64,` or `base64,base64_image`. */
const shortestContent = 64;
/** Bare base64 as JPEG, PNG, GIF, WebP and BMP files begin. */
const bareImage = /^(?:\/9j\/|iVBOR|R0lGOD|UklGR|Qk)[A-Za-z0-9+/\s]{200}/;
/** What ms-swift writes for bytes. */
const swiftBytes = '<<<bytes>>>';
const inText = /data:image\/[a-z0-9.+-]{1,20};base64,[A-Za-z0-9+/=]{64,}/gi;

/** An image as a log gives it. `blank`: its bytes were taken out. `embedded`: its bytes stand in the log. */
export type LoggedImage =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'blank' }
  /** A data URI, or base64 alone. */
  | { readonly kind: 'embedded'; readonly content: string };

/** The image of a string, of `{url}`, `{path}`, `{image}` or `{bytes}`. */
export function loggedImage(value: JsonValue | undefined): LoggedImage {
  if (isObject(value)) {
    if (typeof value.bytes === 'string' && value.bytes !== '') return { kind: 'embedded', content: value.bytes };
    return loggedImage([value.url, value.path, value.image, value.image_path].find((one) => typeof one === 'string'));
  }
  if (typeof value !== 'string' || value === '' || value === swiftBytes) return { kind: 'blank' };
  if (/^data:/i.test(value))
    return value.length - value.indexOf(',') - 1 < shortestContent
      ? { kind: 'blank' }
      : { kind: 'embedded', content: value };
  if (value.length > 256 && bareImage.test(value)) return { kind: 'embedded', content: value };
  return { kind: 'path', path: value.replace(/^file:\/\//, '') };
}

/** Text with images that stand in it as data URIs replaced by the mark that logs use. */
export function withoutImages(text: string): string {
  return text.includes(';base64,') ? text.replace(inText, '<image>') : text;
}

/** A field's value with embedded images replaced by how long they are: nobody reads base64, and it is large. */
export function withoutEmbedded(value: JsonValue): JsonValue {
  if (typeof value === 'string') {
    const embedded = loggedImage(value).kind === 'embedded';
    return embedded ? `(an image in base64, ${value.length} characters)` : withoutImages(value);
  }
  if (Array.isArray(value)) return value.map((item: JsonValue) => withoutEmbedded(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutEmbedded(item)]));
}
