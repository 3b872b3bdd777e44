import { loadDecoder } from './decoder';
import { stretch } from './depth';
import type { PyramidOrder } from './pyramids';

/**
 * A process of its own that writes one pyramid and ends: sharp knows no cancelling, and this one may be killed. It takes its
 * order as its argument, and says on its error stream why it failed.
 */
async function main(): Promise<void> {
  process.on('disconnect', () => process.exit(1));
  const order = JSON.parse(process.argv[2] ?? '') as PyramidOrder;
  const { sharp, ...decoder } = await loadDecoder(order.threads);
  if (sharp === null) throw new Error('reason' in decoder ? decoder.reason : 'sharp does not work here');
  const image = sharp(order.from, { limitInputPixels: false, failOn: 'truncated', sequentialRead: true });
  await (order.range === null ? image : image.linear(...stretch(order.range)))
    .toColourspace('srgb')
    .tiff({
      tile: true,
      tileWidth: order.side,
      tileHeight: order.side,
      pyramid: true,
      bigtiff: true,
      // JPEG knows no alpha.
      ...(order.alpha ? { compression: 'deflate', predictor: 'horizontal' } : { compression: 'jpeg', quality: 88 }),
    })
    .toFile(order.to);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
