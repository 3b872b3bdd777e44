import type { Box } from '../../../src/core/geometry/box';
import type { GroupDetail } from '../../../src/protocol/data';
import { createImageCanvas, type ImageCanvas } from '../../canvas/imageCanvas';
import { div, setText } from '../../ui/dom';
import { followLooks } from '../chain/followLooks';
import type { LookStore } from '../chain/lookStore';
import { LookView } from '../chain/lookView';
import { LookStrip } from '../chain/strip';
import { errorText, isCancelled } from '../store/host';
import type { Session } from '../store/session';
import { onAny } from '../store/signal';
import { covers, detailWish, extentShare, previewSide } from './buckets';
import type { Picture } from './decode';
import { GroupTiles } from './groupTiles';
import type { MarkStore } from './markStore';
import { canvasRegions } from './marks';
import { PictureNotes } from './pictureNotes';
import { stillCounts, whole } from './pictureState';
import { pictureWords } from './pictureWords';

/** How long the picture before may stand dimmed before it makes room. */
const dimmedFor = 150;
/** Quiet time before full pixels are asked for: a gesture's frames ask for nothing. */
const detailAfter = 120;

/** The canvas with what stands over it: the picture of the selected group at the sharpness the view needs. */
export class PicturePane {
  readonly element: HTMLElement;
  /** Canvas and what lies over it. */
  readonly stage: HTMLElement;
  readonly canvas: ImageCanvas;
  readonly notes: PictureNotes;
  readonly strip: LookStrip;
  private readonly tiles: GroupTiles;
  private readonly view: LookView;
  private readonly footer = div('picture-footer');
  private shownGroup = -1;
  private picture: Picture | null = null;
  /**
   * Why the picture of the shown group could not be had. It counts for the details it was met under (null until they
   * are there): details that came later may follow a mend, and the picture is asked for again.
   */
  private failure: { readonly message: string; readonly detail: GroupDetail | null } | null = null;
  private detailBox: Box | null = null;
  /** The turn's picture on show in the image's place. */
  private screenKey: string | null = null;
  private screenLoad = new AbortController();
  private detail: AbortController | null = null;
  private detailTimer: ReturnType<typeof setTimeout> | undefined;
  private dimTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly session: Session,
    private readonly store: MarkStore,
    private readonly looks: LookStore,
    toolbar: HTMLElement,
    onSetFrame: () => void,
    /** Where the view stood when this editor was last shown. */
    private lastView: Box | null,
  ) {
    const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.canvas = createImageCanvas({ label: 'Image with the regions of the selected rollout', reducedMotion });
    this.view = new LookView(session, looks, reducedMotion);
    this.strip = new LookStrip(session, looks);
    this.notes = new PictureNotes(session, store, onSetFrame);
    this.stage = div(
      'picture-stage',
      this.canvas.element,
      div('stage-caption stage-title', 'Where it lies in the image'),
      this.view.element,
      this.notes.hint,
      this.notes.element,
    );
    this.element = div('picture', toolbar, this.notes.banner, this.stage, this.strip.element, this.footer);
    this.listen();
    this.tiles = new GroupTiles(session, looks, this.canvas);
    followLooks(session, looks, this.canvas);
    this.tiles.state.on(() => this.paintFooter());
  }

  private listen(): void {
    const { session, store, canvas } = this;
    session.place.on((place) => {
      if (place !== null && place.group !== this.shownGroup) this.enter(place.group);
    });
    session.detail.on(() => this.show());
    const arrange = () => this.element.classList.toggle('replay', this.view.open);
    onAny(arrange, [session.chain, this.looks.looks]);
    arrange();
    onAny(() => this.showScreen(), [session.look, this.looks.looks]);
    store.marks.on(({ list }) => {
      canvas.setRegions(canvasRegions(list));
      canvas.setHover(session.hover.value);
      canvas.setSelection(session.region.value);
    });
    session.hover.on((id) => {
      canvas.setHover(id);
      this.paintFooter();
    });
    session.region.on((id) => {
      canvas.setSelection(id);
      this.paintFooter();
    });
    store.marks.on(() => this.paintFooter());
    canvas.onHover((id) => session.hover.set(id));
    canvas.onSelect((id) => session.region.set(id));
    canvas.onViewport(() => {
      this.measure();
      this.wishDetail();
    });
    new ResizeObserver(() => this.measure()).observe(canvas.element);
  }

  private enter(group: number): void {
    this.shownGroup = group;
    this.failure = null;
    this.dropDetail();
    clearTimeout(this.dimTimer);
    const { details, pictures, previewSide } = this.session;
    if (details.get(group) === null || pictures.get(group, previewSide) === null) {
      this.session.groupImage.set(null);
      this.session.imageSize.set(null);
      this.element.classList.add('dimmed');
      this.dimTimer = setTimeout(() => this.blank(), dimmedFor);
    }
    void this.load(group);
  }

  private async load(group: number): Promise<void> {
    const { session } = this;
    try {
      await session.pictures.load(group, session.previewSide);
      if (this.shownGroup === group) this.show();
      for (const other of session.neighbours) this.prefetch(other);
    } catch (error) {
      if (isCancelled(error) || this.shownGroup !== group) return;
      this.failure = { message: errorText(error), detail: session.group };
      this.show();
    }
  }

  private prefetch(group: number): void {
    const { session } = this;
    if (session.pictures.has(group, session.previewSide)) return;
    // A neighbour without an image says so once it is visited.
    session.pictures.load(group, session.previewSide).catch(() => undefined);
  }

  /** Shows the picture once it and the details are there; before that the old one stands dimmed, then nothing. */
  private show(): void {
    const { session } = this;
    const detail = session.detail.value;
    if (detail.kind !== 'ready' || detail.group !== this.shownGroup) return;
    // A turn's own picture stands in the image's place, found or not.
    if (this.looks.screen !== null) return;
    const { image } = detail.detail;
    if (this.failure !== null) this.failure = stillCounts(this.failure, detail.detail);
    if (image.kind !== 'resolved') {
      this.settle(null, null);
      return;
    }
    const ready = session.pictures.get(this.shownGroup, session.previewSide);
    if (ready !== null) {
      this.settle(ready, JSON.stringify(image.ref));
      if (!session.pictures.has(this.shownGroup, session.previewSide)) void this.load(this.shownGroup);
      return;
    }
    if (this.failure === null) {
      void this.load(this.shownGroup);
      return;
    }
    this.settle(null, null);
    this.notes.paint('failed', this.failure.message);
  }

  /** The picture of the turn on show takes the image's place, or the image its own again. */
  private showScreen(): void {
    const { screen } = this.looks;
    const key = screen === null ? null : `${screen.row}:${screen.observation}`;
    if (key === this.screenKey) return;
    this.screenKey = key;
    this.screenLoad.abort();
    if (screen === null) this.show();
    else {
      if (this.session.views.get({ ...screen, box: null, maxSide: this.session.previewSide }) === undefined) {
        // Nothing of this turn may be drawn on the picture of another.
        this.session.imageSize.set(null);
        this.element.classList.add('dimmed');
      }
      void this.loadScreen(screen, key);
    }
  }

  private async loadScreen(screen: NonNullable<LookStore['screen']>, key: string | null): Promise<void> {
    this.screenLoad = new AbortController();
    const { signal } = this.screenLoad;
    const request = { ...screen, box: null, maxSide: this.session.previewSide };
    try {
      const picture = await this.session.views.load(request, signal);
      if (this.screenKey !== key) return;
      this.dropDetail();
      this.settle(picture, `screen ${key}`);
      if (picture === null) this.notes.paint('leftOut', this.looks.current?.frame ? 'frame' : 'turn');
    } catch (error) {
      if (isCancelled(error) || this.screenKey !== key) return;
      this.settle(null, null);
      this.notes.paint('failed', errorText(error));
    }
  }

  /** `key` names the image: the view is kept between groups that share one. */
  private settle(picture: Picture | null, key: string | null): void {
    clearTimeout(this.dimTimer);
    this.element.classList.remove('dimmed');
    if (picture === null || key === null) this.canvas.setImage(null, null);
    else if (picture !== this.picture)
      this.canvas.setImage(picture.original, { source: picture.source, box: whole(picture.original) }, key);
    this.picture = picture;
    if (picture !== null && this.lastView !== null) {
      this.canvas.zoomToBox(this.lastView, 0);
      this.lastView = null;
    }
    if (this.looks.screen === null) this.session.groupImage.set(picture?.original ?? null);
    this.session.imageSize.set(picture?.original ?? null);
    this.notes.paint(this.looks.screen === null ? 'none' : 'screen');
    this.paintFooter();
    this.wishDetail();
  }

  private blank(): void {
    this.picture = null;
    this.element.classList.remove('dimmed');
    this.canvas.setImage(null, null);
    this.notes.paint('loading');
  }

  /** The bucket of previews follows the canvas; a sharper one is fetched when the window grew. */
  private measure(): void {
    const { width, height } = this.canvas.viewport;
    if (width === 0 || height === 0) return;
    const side = previewSide({ width, height }, devicePixelRatio);
    if (side === this.session.previewSide) return;
    this.session.previewSide = side;
    if (this.shownGroup >= 0) void this.load(this.shownGroup);
  }

  private wishDetail(): void {
    clearTimeout(this.detailTimer);
    const { picture } = this;
    if (picture === null) return;
    const { visible, scale } = this.canvas.viewport;
    const wish = detailWish(picture.original, picture.size, visible, scale, devicePixelRatio);
    if (wish === null || this.tiles.suffice) {
      this.dropDetail();
      return;
    }
    const known = this.detailBox;
    const sharp = known !== null && covers(known, visible, picture.original);
    const sameScale = known !== null && extentShare(known, wish.box) < 2;
    if (sharp && sameScale) return;
    this.detailTimer = setTimeout(() => void this.loadDetail(wish.box, wish.maxSide), detailAfter);
  }

  private async loadDetail(box: Box, maxSide: number): Promise<void> {
    this.detail?.abort();
    const controller = new AbortController();
    this.detail = controller;
    const group = this.shownGroup;
    try {
      const part = await this.part(group, box, maxSide, controller.signal);
      if (part === null || controller.signal.aborted || group !== this.shownGroup) return;
      this.detailBox = box;
      this.canvas.setDetail({ source: part.source, box });
    } catch (error) {
      this.session.report(error);
    }
  }

  private part(group: number, box: Box, maxSide: number, signal: AbortSignal): Promise<Picture | null> {
    const { screen } = this.looks;
    if (screen === null) return this.session.pictures.part(group, box, maxSide, signal);
    return this.session.views.load({ ...screen, box, maxSide }, signal);
  }

  private dropDetail(): void {
    clearTimeout(this.detailTimer);
    this.detail?.abort();
    this.detail = null;
    if (this.detailBox === null) return;
    this.detailBox = null;
    this.canvas.setDetail(null);
  }

  private paintFooter(): void {
    const mark = this.store.find(this.session.hover.value ?? this.session.region.value);
    const { group, imageSize } = this.session;
    const screen = this.looks.screen === null ? null : (this.looks.current?.title ?? null);
    const words = pictureWords(group?.image ?? null, imageSize.value, mark, screen);
    setText(this.footer, mark === null ? words + this.tiles.words : words);
  }
}
