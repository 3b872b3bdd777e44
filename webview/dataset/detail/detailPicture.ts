import type { Box } from '../../../src/core/geometry/box';
import type { ImageCanvas } from '../../canvas/imageCanvas';
import { TiledImage } from '../../canvas/tiledImage';
import { covers, detailWish, extentShare, previewSide } from '../../rollouts/picture/buckets';
import { decodePaint, type Picture } from '../../rollouts/picture/decode';
import { Pictures } from '../../rollouts/picture/pictures';
import { errorText, isCancelled } from '../../rollouts/store/host';
import { Signal } from '../../rollouts/store/signal';
import type { DatasetSession } from '../store/session';

/** Milliseconds of quiet before full pixels are asked for: a gesture's frames ask for nothing. */
const detailAfter = 120;

/** The picture of the image on show at the sharpness the view needs. */
export class DetailPicture {
  /** Size in pixels of the image's frame; null until the picture came. */
  readonly shown = new Signal<Picture | null>(null);
  /** Why there is no picture; null while there is one, or it is on its way. */
  readonly trouble = new Signal<string | null>(null);
  private readonly pictures: Pictures;
  private side = 1024;
  private image = -1;
  private detailBox: Box | null = null;
  private loading: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly tiled: TiledImage;
  /** The image whose tiles are shown; −1 for none. */
  private tiledImage = -1;

  constructor(
    private readonly session: DatasetSession,
    private readonly canvas: ImageCanvas,
  ) {
    const { host } = session;
    const patient = { deadline: 60_000 };
    this.pictures = new Pictures({
      preview: (index, maxSide, signal) => host.call('image/preview', { index, maxSide }, { signal, ...patient }),
      region: (index, box, maxSide, signal) =>
        host.call('image/region', { index, box, maxSide }, { signal, ...patient }),
    });
    this.tiled = new TiledImage(
      canvas,
      () => this.wishDetail(),
      (error) => session.report(error),
    );
    session.image.on((image) => this.enter(image));
    session.stale.on(() => this.enter(session.image.value));
    canvas.onViewport(() => {
      this.measure();
      this.wishDetail();
    });
  }

  private enter(image: number): void {
    this.image = image;
    this.tiled.drop();
    this.tiledImage = -1;
    this.dropDetail();
    this.trouble.set(null);
    if (image < 0) return;
    const known = this.pictures.get(image, this.side);
    if (known === null) {
      this.shown.set(null);
      this.canvas.setImage(null, null);
    } else this.settle(known);
    this.pictures.keepOnly([image, image - 1, image + 1]);
    void this.load(image);
  }

  private async load(image: number): Promise<void> {
    try {
      const picture = await this.pictures.load(image, this.side);
      if (image !== this.image) return;
      this.settle(picture);
      this.prefetch();
    } catch (error) {
      if (isCancelled(error) || image !== this.image) return;
      this.canvas.setImage(null, null);
      this.shown.set(null);
      this.trouble.set(errorText(error));
    }
  }

  /** The next image of the listing, so that it is there when it is asked for. */
  private prefetch(): void {
    const { listing, selection } = this.session;
    const next = listing.value.imageAt(selection.cursor.value + 1);
    // One without a picture says so once it is visited.
    if (next >= 0 && !this.pictures.has(next, this.side)) this.pictures.load(next, this.side).catch(() => undefined);
  }

  private settle(picture: Picture): void {
    const { original, source } = picture;
    const box = { x1: 0, y1: 0, x2: original.width, y2: original.height };
    this.canvas.setImage(original, { source, box }, String(this.image));
    if (this.tiledImage !== this.image) this.tile(this.image, original);
    this.shown.set(picture);
    this.wishDetail();
  }

  private tile(index: number, original: Picture['original']): void {
    const { host } = this.session;
    this.tiledImage = index;
    this.tiled.show(original, {
      pyramid: (signal) => host.call('image/pyramid', { index }, { signal, deadline: Number.POSITIVE_INFINITY }),
      tile: async (place, signal) =>
        (await decodePaint(await host.call('image/tile', { index, ...place }, { signal }), null)).source,
    });
  }

  private measure(): void {
    const { width, height } = this.canvas.viewport;
    if (width === 0 || height === 0) return;
    const side = previewSide({ width, height }, devicePixelRatio);
    if (side === this.side) return;
    this.side = side;
    if (this.image >= 0) void this.load(this.image);
  }

  private wishDetail(): void {
    clearTimeout(this.timer);
    const picture = this.shown.value;
    if (picture === null) return;
    const { visible, scale } = this.canvas.viewport;
    const wish = detailWish(picture.original, picture.size, visible, scale, devicePixelRatio);
    if (wish === null || this.tiled.suffice) {
      this.dropDetail();
      return;
    }
    const known = this.detailBox;
    const sharp = known !== null && covers(known, visible, picture.original) && extentShare(known, wish.box) < 2;
    if (!sharp) this.timer = setTimeout(() => void this.loadDetail(wish.box, wish.maxSide), detailAfter);
  }

  private async loadDetail(box: Box, maxSide: number): Promise<void> {
    this.loading?.abort();
    const controller = new AbortController();
    this.loading = controller;
    const { image } = this;
    try {
      const part = await this.pictures.part(image, box, maxSide, controller.signal);
      if (controller.signal.aborted || image !== this.image) return;
      this.detailBox = box;
      this.canvas.setDetail({ source: part.source, box });
    } catch (error) {
      this.session.report(error);
    }
  }

  private dropDetail(): void {
    clearTimeout(this.timer);
    this.loading?.abort();
    this.loading = null;
    if (this.detailBox === null) return;
    this.detailBox = null;
    this.canvas.setDetail(null);
  }
}
