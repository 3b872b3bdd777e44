import { el, fill } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { errorText, isCancelled } from '../store/host';
import type { Session } from '../store/session';
import { loadLook, type ShownPicture } from './lookPicture';
import type { LookPicture } from './looks';

interface Thumb {
  readonly frame: HTMLElement;
  readonly picture: LookPicture;
  readonly room: { readonly width: number; readonly height: number };
  readonly onShown: (shown: ShownPicture) => void;
}

/** Small pictures of looks, asked for once they come into sight. A frame has its size before its picture comes. */
export class Thumbs {
  private readonly waiting = new Map<Element, Thumb>();
  private readonly observer: IntersectionObserver;
  private controller = new AbortController();

  constructor(
    private readonly session: Session,
    root: HTMLElement,
  ) {
    this.observer = new IntersectionObserver((entries) => this.seen(entries), { root, rootMargin: '160px' });
  }

  clear(): void {
    this.controller.abort();
    this.controller = new AbortController();
    this.observer.disconnect();
    this.waiting.clear();
  }

  /** `room`: CSS pixels; pictures are never enlarged. */
  add(thumb: Thumb): void {
    this.waiting.set(thumb.frame, thumb);
    this.observer.observe(thumb.frame);
  }

  private seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { isIntersecting, target } of entries) {
      const thumb = isIntersecting ? this.waiting.get(target) : undefined;
      if (thumb === undefined) continue;
      this.observer.unobserve(target);
      this.waiting.delete(target);
      void this.paint(thumb);
    }
  }

  private async paint({ frame, picture, room, onShown }: Thumb): Promise<void> {
    const { signal } = this.controller;
    const wanted = Math.max(room.width, room.height) * devicePixelRatio;
    try {
      const shown = await loadLook(this.session, picture, wanted > 256 ? 512 : 256, signal);
      if (signal.aborted) return;
      if (shown === null) {
        frame.title = 'The log left this picture out';
        fill(frame, icon('file-media'));
        return;
      }
      fill(frame, drawn(shown, room));
      onShown(shown);
    } catch (error) {
      if (isCancelled(error) || signal.aborted) return;
      frame.title = errorText(error);
      fill(frame, icon('file-media'));
    }
  }
}

function drawn({ picture }: ShownPicture, room: Thumb['room']): HTMLCanvasElement {
  const { width, height } = picture.original;
  // Never enlarged: what is small was seen small.
  const scale = Math.min(1, room.width / width, room.height / height);
  const canvas = el('canvas');
  const w = Math.max(1, Math.round(width * scale));
  const h = Math.max(1, Math.round(height * scale));
  canvas.width = Math.min(picture.size.width, Math.ceil(w * devicePixelRatio));
  canvas.height = Math.min(picture.size.height, Math.ceil(h * devicePixelRatio));
  const context = canvas.getContext('2d');
  if (context !== null) {
    context.imageSmoothingQuality = 'high';
    context.drawImage(picture.source, 0, 0, canvas.width, canvas.height);
  }
  canvas.style.width = `${w}px`;
  canvas.style.height = `${h}px`;
  return canvas;
}
