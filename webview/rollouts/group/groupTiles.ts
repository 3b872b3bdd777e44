import type { Size } from '../../../src/core/geometry/box';
import { type InkColours, readTheme, watchTheme } from '../../canvas/theme';
import { div, el, fill, setAria, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import type { LookStore } from '../chain/lookStore';
import type { Picture } from '../picture/decode';
import { withEdits } from '../picture/editedMarks';
import { type Mark, marksOf, siblingPalette } from '../picture/marks';
import { effectiveChoices } from '../store/frames';
import { errorText, isCancelled } from '../store/host';
import { counted, shortReward, signed } from '../words';
import { type GroupRow, standing } from './groupRows';
import type { GroupStore, ShownGroup } from './groupStore';
import { paintTile } from './paintTile';

/** Longer side that the image is asked for in, pixels. */
const side = 512;
/** CSS pixels of a tile's picture. */
const width = 162;
const tallest = 132;

/** The rollouts of the selected group side by side: the image again and again, each time with one rollout's own regions. */
export class GroupTiles {
  readonly element = el('div', { class: 'group-tiles', role: 'tree', tabIndex: 0 });
  private shown: ShownGroup | null = null;
  private picture: { readonly group: number; readonly of: Picture | null } | null = null;
  private readonly tiles = new Map<number, HTMLElement>();
  private readonly inSight = new Set<number>();
  private readonly sight = new IntersectionObserver((entries) => this.seen(entries), {
    root: this.element,
    rootMargin: '120px',
  });
  private selected = -1;
  private inks: readonly InkColours[] = [];

  constructor(
    private readonly store: GroupStore,
    private readonly looks: LookStore,
  ) {
    watchTheme(() => {
      this.inks = [];
      for (const member of this.inSight) this.draw(member);
    });
    this.element.addEventListener('keydown', (event) => this.pressed(event));
    this.element.addEventListener('click', ({ target }) => {
      const member = (target as Element).closest<HTMLElement>('[data-member]')?.dataset.member;
      const row = this.shown?.rows.find((one) => one.member === Number(member));
      if (row !== undefined) store.select(row);
    });
  }

  paint(shown: ShownGroup | null): void {
    this.shown = shown;
    this.element.hidden = shown === null;
    if (shown === null) return;
    setAria(this.element, 'label', `Rollouts of group ${shown.group + 1} side by side`);
    if (this.picture?.group !== shown.group) void this.load(shown.group);
    this.arrange(shown.rows);
    for (const row of shown.rows) this.caption(row);
    const { value: place } = this.store.edits.session.place;
    const selected = place?.member ?? -1;
    if (selected !== this.selected) this.tiles.get(selected)?.scrollIntoView({ block: 'nearest' });
    this.selected = selected;
    setAria(this.element, 'activedescendant', selected < 0 ? null : `tile-${selected}`);
    for (const member of this.inSight) this.draw(member);
    this.wantSeen();
  }

  private wantSeen(): void {
    const { shown } = this;
    if (shown === null) return;
    const seen = shown.rows.filter(({ member }) => this.inSight.has(member));
    this.store.far.want(shown.group, seen);
  }

  /** Tiles in the order of the rows; those that stay keep their pictures. */
  private arrange(rows: readonly GroupRow[]): void {
    const wanted = rows.map(({ member }) => member);
    const now = [...this.element.children].map((node) => Number((node as HTMLElement).dataset.member));
    if (now.length === wanted.length && now.every((member, i) => member === wanted[i])) return;
    for (const [member, tile] of this.tiles) {
      if (wanted.includes(member)) continue;
      this.sight.unobserve(tile);
      this.tiles.delete(member);
      this.inSight.delete(member);
    }
    fill(this.element, ...wanted.map((member) => this.tiles.get(member) ?? this.tile(member)));
  }

  private tile(member: number): HTMLElement {
    const tile = el(
      'div',
      { class: 'group-tile', role: 'treeitem', id: `tile-${member}`, data: { member } },
      div('tile-picture'),
      div('tile-caption'),
    );
    this.tiles.set(member, tile);
    this.sight.observe(tile);
    return tile;
  }

  private caption({ member, total, advantage, reviewed, excluded }: GroupRow): void {
    const tile = this.tiles.get(member);
    const caption = tile?.querySelector('.tile-caption');
    if (tile === undefined || caption == null) return;
    const { place, siblings } = this.store.edits.session;
    const chosen = place.value?.member === member;
    const number = span('rollout-number', String(member + 1));
    if (chosen) number.dataset.ink = '0';
    else if (siblings.value.has(member)) number.dataset.ink = String(siblingPalette(member));
    const gain = advantage === null ? (excluded ? 'excluded' : '') : `A ${signed(advantage)}`;
    const reward = shortReward(standing(total));
    fill(caption, number, span('tile-reward', reward), span('quiet', gain), reviewed ? icon('pass') : null);
    tile.classList.toggle('excluded', excluded);
    setAria(tile, 'selected', chosen);
    const words = [`Rollout ${member + 1}`, `reward ${reward}`, gain, reviewed ? 'reviewed' : ''];
    setAria(tile, 'label', words.filter((word) => word !== '').join(', '));
  }

  private seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { isIntersecting, target } of entries) {
      const member = Number((target as HTMLElement).dataset.member);
      if (!isIntersecting) this.inSight.delete(member);
      else {
        this.inSight.add(member);
        this.draw(member);
      }
    }
    this.wantSeen();
  }

  private async load(group: number): Promise<void> {
    this.picture = { group, of: null };
    for (const tile of this.tiles.values()) fill(tile.querySelector('.tile-picture') ?? tile, null);
    try {
      const of = await this.store.edits.session.pictures.load(group, side);
      if (this.picture.group !== group) return;
      this.picture = { group, of };
      for (const member of this.inSight) this.draw(member);
    } catch (error) {
      if (isCancelled(error) || this.picture.group !== group) return;
      for (const tile of this.tiles.values())
        fill(tile.querySelector('.tile-picture') ?? tile, span('quiet', errorText(error)));
    }
  }

  private draw(member: number): void {
    const frame = this.tiles.get(member)?.querySelector<HTMLElement>('.tile-picture');
    const picture = this.picture?.of ?? null;
    if (frame == null || picture === null || this.picture?.group !== this.shown?.group) return;
    const marks = this.marks(member, picture.original);
    if (marks === null) {
      fill(frame, span('quiet', 'Its regions are being read…'));
      return;
    }
    let canvas = frame.querySelector('canvas');
    if (canvas === null) {
      canvas = el('canvas', { aria: { hidden: true } });
      fill(frame, canvas);
    }
    const { original } = picture;
    const scale = Math.min(width / original.width, tallest / original.height);
    if (this.inks.length === 0) this.inks = readTheme(this.element).inks;
    paintTile(canvas, picture, marks, scale, this.inks);
    const drawn = marks.filter(({ kind, box }) => kind === 'region' && box !== null).length;
    frame.title = counted(drawn, 'region');
  }

  /** The rollout's own regions and the ground truth; null where its text is not at hand. */
  private marks(member: number, image: Size): readonly Mark[] | null {
    const { session, store } = this.store.edits;
    const { group } = session;
    if (group === null) return null;
    const rollouts = this.store.far.of(group.summary.group);
    if (rollouts[member] === undefined) return null;
    const marks = marksOf({
      rollouts,
      member,
      siblings: new Set(),
      truth: session.truth.value,
      taskBoxes: false,
      choices: effectiveChoices(session.state.value.frames, group.frames),
      guest: null,
      image,
      chains: this.looks.chains,
      meant: false,
      screen: null,
    });
    const noted = store.group(group.summary.group);
    return (noted === null ? marks : withEdits(marks, noted)).list;
  }

  /** Arrows move among the tiles as they stand. */
  private pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const across = Math.max(1, Math.floor((this.element.clientWidth - 8) / (width + 16)));
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: across,
      ArrowUp: -across,
      Home: Number.NEGATIVE_INFINITY,
      End: Number.POSITIVE_INFINITY,
    };
    const by = steps[event.key];
    if (by === undefined) return;
    const row = this.store.away(by);
    if (row !== null) this.store.select(row);
    event.preventDefault();
    event.stopPropagation();
  }
}
