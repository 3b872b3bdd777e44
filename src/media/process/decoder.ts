import type SharpModule from 'sharp';

export type Sharp = typeof SharpModule;

/** sharp, or why it cannot be used here. */
export type Decoder =
  | { readonly sharp: Sharp; readonly versions: Readonly<Record<string, string>> }
  | { readonly sharp: null; readonly reason: string };

/** Loaders for data from outside. Vector and document formats stay blocked: they can name other files. */
const loaders = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Tiff', 'Heif'].map((name) => `VipsForeignLoad${name}`);

/**
 * Loads sharp, makes it ours and proves it by decoding one pixel: under desktop Electron on Linux it can load and then
 * fail. Never throws. `threads` is what one operation may use.
 */
export async function loadDecoder(threads: number): Promise<Decoder> {
  try {
    const { default: sharp } = await import('sharp');
    // A cached operation would answer for a file that has changed since.
    sharp.cache(false);
    sharp.concurrency(threads);
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({ operation: loaders });
    const pixel = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    await sharp(pixel).raw().toBuffer();
    return { sharp, versions: { sharp: sharp.versions.sharp ?? 'unknown', vips: sharp.versions.vips } };
  } catch (error) {
    return { sharp: null, reason: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}
