import { div, el, fill } from '../../ui/dom';
import type { KeyAction } from '../keys';
import type { DatasetSession } from '../store/session';

/** One image, as large as the editor. */
export class DetailView {
  readonly element = div('detail');
  private readonly picture = el('img', { class: 'detail-picture' });

  constructor(private readonly session: DatasetSession) {
    this.element.tabIndex = -1;
    fill(this.element, this.picture);
    session.image.on((image) => void this.show(image));
  }

  focus(): void {
    this.element.focus({ preventScroll: true });
  }

  /** False for an action that is not this view's. */
  perform(_action: KeyAction, _key: string): boolean {
    return false;
  }

  snapshot(): unknown {
    return { image: this.session.image.value };
  }

  private async show(image: number): Promise<void> {
    const paint = await this.session.host.call('image/preview', { index: image, maxSide: 1536 });
    if (image === this.session.image.value && paint.kind === 'uri') this.picture.src = paint.uri;
  }
}
