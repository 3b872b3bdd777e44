import type { JsonValue } from '../core/text/jsonValue';
import { isObject } from './columns';

/** Shorter than this, a data URI's content is what a logger left in its place: `base64,` or `base64,base64_image`. */
const shortestContent = 64;
/** Bare base64 as JPEG, PNG, GIF, WebP and BMP files begin. */
const bareImage = /^(?:\/9j\/|iVBOR|R0lGOD|UklGR|Qk)[A-Za-z0-9+/\s]{200}/;
/** What ms-swift writes for bytes. */
const swiftBytes = '<<<bytes>>>';
const inText = /data:image\/[a-z0-9.+-]{1,20};base64,[A-Za-z0-9+/=]{64,}/gi;
/** An image's mark in a text, or the image itself. */
const slotInText = new RegExp(`<image>|${inText.source}`, 'gi');
/** Characters of an image that its key is made of: enough to tell images apart, few beside reading the row. */
const keyCharacters = 65_536;

/** An image as a log gives it. `blank`: its bytes were taken out. `embedded`: its bytes stand in the log. */
export type LoggedImage =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'blank' }
  | { readonly kind: 'embedded'; readonly base64: string };

/** The image of a string, of `{url}`, `{path}`, `{image}` or `{bytes}`. */
export function loggedImage(value: JsonValue | undefined): LoggedImage {
  if (isObject(value)) {
    if (typeof value.bytes === 'string' && value.bytes !== '') return { kind: 'embedded', base64: value.bytes };
    return loggedImage([value.url, value.path, value.image, value.image_path].find((one) => typeof one === 'string'));
  }
  if (typeof value !== 'string' || value === '' || value === swiftBytes) return { kind: 'blank' };
  if (/^data:/i.test(value)) {
    const base64 = value.slice(value.indexOf(',') + 1);
    return base64.length < shortestContent ? { kind: 'blank' } : { kind: 'embedded', base64 };
  }
  if (value.length > 256 && bareImage.test(value)) return { kind: 'embedded', base64: value };
  return { kind: 'path', path: value.replace(/^file:\/\//, '') };
}

/** Text with images that stand in it as data URIs replaced by the mark that logs use. */
export function withoutImages(text: string): string {
  return text.includes(';base64,') ? text.replace(inText, '<image>') : text;
}

/** Images that stand in a text in order; null for a bare `<image>` mark, whose image is elsewhere if anywhere. */
export function* imagesInText(text: string): Generator<LoggedImage | null, void> {
  if (!text.includes('<image>') && !text.includes(';base64,')) return;
  for (const [found] of text.matchAll(slotInText)) yield found.startsWith('<') ? null : loggedImage(found);
}

/** The bytes that base64 stands for, white space and the URL's alphabet allowed; null when it is none. */
export function imageBytes(base64: string): Uint8Array | null {
  try {
    const binary = atob(base64.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  } catch (error) {
    // `atob` throws a DOMException, a class that the pure floors do not know.
    if (error instanceof Error && error.name === 'InvalidCharacterError') return null;
    throw error;
  }
}

/** Tells one embedded image from another: its length, and FNV-1a over characters spread evenly over it. */
export function imageKey(base64: string): string {
  const stride = Math.max(1, Math.floor(base64.length / keyCharacters));
  let hash = 0x811c9dc5;
  for (let i = 0; i < base64.length; i += stride) hash = Math.imul(hash ^ base64.charCodeAt(i), 0x01000193);
  return `${base64.length}:${(hash >>> 0).toString(16)}`;
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
