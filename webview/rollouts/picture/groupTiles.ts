import type { ImageCanvas } from '../../canvas/imageCanvas';
import { TiledImage, type TileSource } from '../../canvas/tiledImage';
import type { LookStore } from '../chain/lookStore';
import type { Session } from '../store/session';
import { onAny, Signal } from '../store/signal';
import { decodePaint } from './decode';

/** Pixels from which preparing tiles takes long enough to be told. */
const slowPixels = 30e6;

/** Tiles of the selected group's image, as long as no other picture stands in its place. */
export class GroupTiles {
  readonly state = new Signal<'none' | 'building' | 'tiles'>('none');
  private readonly tiled: TiledImage;
  private shown: string | null = null;

  constructor(
    private readonly session: Session,
    private readonly looks: LookStore,
    canvas: ImageCanvas,
  ) {
    this.tiled = new TiledImage(
      canvas,
      (state) => this.state.set(state),
      (error) => session.report(error),
    );
    onAny(() => this.follow(), [session.groupImage, session.detail, looks.looks, session.look]);
  }

  /** Whether tiles have the pixels that the view needs. */
  get suffice(): boolean {
    return this.tiled.suffice;
  }

  /** Behind the words for the image: that more of it is on its way. */
  get words(): string {
    const { value: image } = this.session.imageSize;
    const slow = image !== null && image.width * image.height > slowPixels;
    return slow && this.state.value === 'building' ? ' · preparing full resolution…' : '';
  }

  private follow(): void {
    const { groupImage, detail, host } = this.session;
    const image = this.looks.screen === null ? groupImage.value : null;
    const there = image !== null && detail.value.kind === 'ready' ? detail.value : null;
    const name = there === null ? null : JSON.stringify([there.group, there.detail.image]);
    if (name === this.shown) return;
    this.shown = name;
    if (image === null || there === null) {
      this.tiled.drop();
      return;
    }
    const { group } = there;
    const source: TileSource = {
      pyramid: (signal) => host.call('image/pyramid', { group }, { signal, deadline: Number.POSITIVE_INFINITY }),
      tile: async (place, signal) => {
        const paint = await host.call('image/tile', { group, ...place }, { signal });
        return (await decodePaint(paint, null)).source;
      },
    };
    this.tiled.show(image, source);
  }
}
