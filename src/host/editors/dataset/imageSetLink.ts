import type { CallOptions, ParamsOf, ResultOf } from '../../../protocol/channel';
import type { ImageSetMethods, ImageSetOpened, ImageSetProgress } from '../../../protocol/imageSet';
import type { ImageSetRolloutsMethods } from '../../../protocol/imageSetRollouts';
import type { ImageSetScoreMethods } from '../../../protocol/imageSetScores';
import { DataLink, type DataLinkEvents, type DataLost } from '../../traces/dataLink';

/** What the data child does with image sets. */
export type SetMethods = ImageSetMethods & ImageSetRolloutsMethods & ImageSetScoreMethods;

/** The data child as image sets see it. */
export interface ImageSetBackend {
  imageSet<K extends keyof SetMethods & string>(
    method: K,
    params: ParamsOf<SetMethods, K>,
    options?: CallOptions,
  ): Promise<ResultOf<SetMethods, K>>;
  onImageSetProgress(listener: (progress: ImageSetProgress) => void): { dispose(): unknown };
  onDataLost(listener: (lost: DataLost) => void): { dispose(): unknown };
}

export interface ImageSetEvents extends DataLinkEvents {
  progress(progress: ImageSetProgress): void;
}

/** Methods of the data child that speak about one open set. */
export type SetMethod = {
  [K in keyof SetMethods]: ParamsOf<SetMethods, K> extends { setId: number } ? K : never;
}[keyof SetMethods];

/** One image set in the data child; opened anew, too, when images are to be looked for elsewhere. */
export class ImageSetLink extends DataLink<ImageSetOpened, ImageSetProgress> {
  private readonly subscriptions: readonly { dispose(): unknown }[];

  constructor(
    readonly path: string,
    private readonly backend: ImageSetBackend,
    private readonly roots: () => readonly string[],
    private readonly events: ImageSetEvents,
  ) {
    super({ one: 'the set', many: 'image sets' }, events);
    this.subscriptions = [
      backend.onImageSetProgress((progress) => this.progressed(progress)),
      backend.onDataLost((lost) => this.lost(lost)),
    ];
    this.begin('first');
  }

  /** Asks the data child about this set; once more when the child died over it and the set was opened again. */
  ask<K extends SetMethod>(
    method: K,
    params: Omit<ParamsOf<SetMethods, K>, 'setId'>,
    options: CallOptions = {},
  ): Promise<ResultOf<SetMethods, K>> {
    return this.asked(
      ({ setId }) => this.backend.imageSet(method, { ...params, setId } as ParamsOf<SetMethods, K>, options),
      options,
    );
  }

  protected override openNow(signal: AbortSignal): Promise<ImageSetOpened> {
    const { path, backend } = this;
    return backend.imageSet(
      'imageset/open',
      { path, roots: this.roots() },
      { signal, deadline: Number.POSITIVE_INFINITY },
    );
  }

  protected override closeNow({ setId }: ImageSetOpened): Promise<unknown> {
    return this.backend.imageSet('imageset/close', { setId });
  }

  protected override ended(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  protected override reported(progress: ImageSetProgress, { setId }: ImageSetOpened): void {
    if (progress.setId === setId) this.events.progress(progress);
  }
}
