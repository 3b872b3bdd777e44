import type { Box, Size } from '../../../src/core/geometry/box';
import type { Region, Rollout } from '../../../src/core/trajectory/rollout';
import { append, div, el, fill, setText, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { linkButton } from '../../ui/iconButton';
import type { MarkStore } from '../picture/markStore';
import { regionId } from '../picture/marks';
import { errorText, isCancelled } from '../store/host';
import type { Session } from '../store/session';
import { corners, count, extent, pixels } from '../words';

/** Cards made at once; the rest behind a button, so that a rollout of 1,000 regions opens in a frame. */
const firstCards = 24;
/** CSS pixels of a thumbnail, at most. */
const thumbWidth = 96;
const thumbHeight = 68;

interface Card {
  readonly id: string;
  readonly thumb: HTMLElement;
  readonly where: HTMLElement;
  shown: string;
}

/** The cards of the regions in the turns pane: thumbnails at the crop's own resolution, fetched once visible. */
export class RegionCards {
  private readonly cards = new Map<Element, Card>();
  private controller = new AbortController();
  private readonly seen = new Set<Element>();
  private readonly observer: IntersectionObserver;

  constructor(
    private readonly session: Session,
    private readonly store: MarkStore,
    root: HTMLElement,
  ) {
    this.observer = new IntersectionObserver((entries) => this.watched(entries), { root, rootMargin: '120px' });
    store.marks.on(() => this.update());
  }

  /** Forgets the cards of the rollout shown before. */
  clear(): void {
    this.controller.abort();
    this.controller = new AbortController();
    this.observer.disconnect();
    this.cards.clear();
    this.seen.clear();
  }

  strip(rollout: Rollout, member: number, indices: readonly number[]): HTMLElement {
    const strip = div('region-cards');
    const regions = indices.flatMap((index) => rollout.regions[index] ?? []);
    const add = (some: readonly Region[]) =>
      append(
        strip,
        some.map((region) => this.card(rollout, member, region)),
      );
    add(regions.slice(0, firstCards));
    if (regions.length > firstCards) {
      const more = linkButton(`Show all ${count(regions.length)} regions`, () => {
        more.remove();
        add(regions.slice(firstCards));
        this.update();
      });
      strip.append(more);
    }
    return strip;
  }

  /** After cards were made: fills in what depends on the frame. */
  update(): void {
    for (const [node, card] of this.cards) this.place(node, card);
  }

  private card(rollout: Rollout, member: number, region: Region): HTMLElement {
    const id = regionId(member, region.index);
    const thumb = div('thumb');
    const where = span('card-where');
    const output = rollout.cropOutputs.find((crop) => crop.region === region.index);
    const repaired = region.repairs.length > 0;
    const node = el(
      'button',
      { class: 'region-card', data: { mark: id } },
      thumb,
      div(
        'card-text',
        span(
          'card-title',
          el('span', { class: 'ink-number', data: { ink: 0 } }, String(region.index + 1)),
          span('card-label', region.label ?? 'region'),
          repaired &&
            el('span', { class: 'tag', title: 'Read after a repair', aria: { label: 'repaired' } }, icon('wrench')),
        ),
        where,
        el('span', { class: 'card-raw', title: 'The numbers as written, in their own frame' }, corners(region.box)),
        output !== undefined && span('card-output', output.text),
      ),
    );
    node.type = 'button';
    this.cards.set(node, { id, thumb, where, shown: '' });
    this.observer.observe(node);
    return node;
  }

  private watched(entries: readonly IntersectionObserverEntry[]): void {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      this.seen.add(entry.target);
      const card = this.cards.get(entry.target);
      if (card !== undefined) this.place(entry.target, card);
    }
  }

  private place(node: Element, card: Card): void {
    const mark = this.store.find(card.id);
    const box = mark?.box ?? null;
    const image = this.session.imageSize.value;
    const failed = mark?.failed;
    node.classList.toggle('failed', failed !== undefined);
    // A call that was refused or not run made no crop, so none is shown.
    const crop = box === null || image === null || failed !== undefined ? null : cropOf(box, image);
    setText(card.where, failed ?? `${placeText(box, crop, image)}${mark?.edited === undefined ? '' : ' · edited'}`);
    if (crop === null) {
      card.thumb.hidden = true;
      card.shown = '';
      return;
    }
    card.thumb.hidden = false;
    if (!this.seen.has(node)) return;
    const key = corners(crop);
    if (card.shown === key) return;
    card.shown = key;
    void this.paint(card, crop, key);
  }

  private async paint(card: Card, crop: Box, key: string): Promise<void> {
    const group = this.session.place.value?.group;
    if (group === undefined) return;
    const size = extent(crop);
    // Never enlarged: a crop of 30 pixels is shown as 30 pixels, which is what the policy got to see.
    const scale = Math.min(1, thumbWidth / size.width, thumbHeight / size.height);
    const side = Math.max(size.width, size.height) * scale > 56 ? 256 : 128;
    try {
      const picture = await this.session.pictures.part(group, crop, side, this.controller.signal);
      if (card.shown !== key) return;
      const canvas = el('canvas');
      canvas.width = picture.size.width;
      canvas.height = picture.size.height;
      canvas.getContext('2d')?.drawImage(picture.source, 0, 0, picture.size.width, picture.size.height);
      canvas.style.width = `${Math.max(1, Math.round(size.width * scale))}px`;
      canvas.style.height = `${Math.max(1, Math.round(size.height * scale))}px`;
      fill(card.thumb, canvas);
    } catch (error) {
      if (isCancelled(error) || card.shown !== key) return;
      card.thumb.title = errorText(error);
      fill(card.thumb, icon('file-media'));
    }
  }
}

/** Whole pixels of the image under the box; null when it lies outside or has no area. */
export function cropOf(box: Box, image: Size): Box | null {
  const crop = {
    x1: Math.max(0, Math.floor(Math.min(box.x1, box.x2))),
    y1: Math.max(0, Math.floor(Math.min(box.y1, box.y2))),
    x2: Math.min(image.width, Math.ceil(Math.max(box.x1, box.x2))),
    y2: Math.min(image.height, Math.ceil(Math.max(box.y1, box.y2))),
  };
  return crop.x2 > crop.x1 && crop.y2 > crop.y1 && box.x1 !== box.x2 && box.y1 !== box.y2 ? crop : null;
}

function placeText(box: Box | null, crop: Box | null, image: Size | null): string {
  if (image === null) return '';
  if (box === null) return 'frame not known: cannot be placed';
  if (crop === null) return box.x1 === box.x2 || box.y1 === box.y2 ? 'no area' : 'outside the image';
  return pixels(extent(crop));
}
