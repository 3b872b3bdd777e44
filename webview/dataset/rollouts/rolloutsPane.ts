import type { TraceOnImages } from '../../../src/protocol/datasetRollouts';
import { type CanvasTheme, readTheme, watchTheme } from '../../canvas/theme';
import { onAny, oncePerFrame } from '../../rollouts/store/signal';
import { count, counted } from '../../rollouts/words';
import { div, el, fill, setAria, setText, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { iconButton, linkButton, setPressed } from '../../ui/iconButton';
import { noRegions, type RolloutRegions } from './rolloutMarks';
import { type RolloutRow, rolloutRows } from './rolloutRows';
import type { RolloutPlace, RolloutsStore } from './rolloutsStore';
import { traceTitle, traceWords } from './rolloutWords';

/** Rollouts that used the image, by groups; what is selected is drawn on the image. */
export class RolloutsPane {
  readonly element: HTMLElement;
  private readonly tree = el('div', {
    class: 'rollout-tree',
    role: 'tree',
    tabIndex: 0,
    aria: { label: 'Rollouts on this image' },
  });
  private readonly title = span('rollouts-count');
  private readonly notes = div('rollouts-notes');
  private readonly eye: HTMLButtonElement;
  private readonly opener: HTMLButtonElement;
  private rows: readonly RolloutRow[] = [];
  private regions: RolloutRegions = noRegions;
  private theme: CanvasTheme | null = null;

  /** `leave`: the keyboard goes back to the picture. */
  constructor(
    private readonly store: RolloutsStore,
    private readonly leave: () => void,
  ) {
    this.eye = iconButton({
      icon: 'eye',
      label: 'Draw on the image',
      keys: 'Shift+D',
      pressed: true,
      onClick: () => this.toggleDrawn(),
    });
    this.opener = iconButton({
      icon: 'go-to-file',
      label: 'Open in the rollouts editor',
      keys: 'Enter',
      onClick: () => store.openRollout(),
    });
    const choose = iconButton({
      icon: 'git-compare',
      label: 'Show rollouts of traces',
      keys: 'Shift+J',
      onClick: () => store.choose(),
    });
    const head = div('list-title rollouts-title', span('', 'Rollouts'), this.title, this.opener, this.eye, choose);
    this.element = div('image-rollouts', head, this.tree, this.notes);
    const paint = oncePerFrame(() => this.paint());
    onAny(paint, [store.set, store.here, store.open, store.texts]);
    onAny(() => this.mark(), [store.place, store.drawn]);
    watchTheme(() => {
      this.theme = null;
      paint();
    });
    this.tree.addEventListener('keydown', (event) => this.key(event));
    this.tree.addEventListener('click', (event) => this.clicked(event));
    this.tree.addEventListener('dblclick', () => store.openRollout());
    this.paint();
  }

  focus(): void {
    const [first] = this.places;
    if (this.store.place.value === null && first !== undefined) this.store.select(first);
    this.tree.focus();
  }

  toggleDrawn(): void {
    const { drawn, session } = this.store;
    drawn.set(!drawn.value);
    session.speak(drawn.value ? 'Rollouts are drawn.' : 'Rollouts are not drawn.');
  }

  /** What could be drawn of the selection, and what could not. */
  told(regions: RolloutRegions): void {
    this.regions = regions;
    this.paintNotes();
  }

  /** Something of a rollout is on the image. */
  get draws(): boolean {
    return this.store.drawn.value && this.regions.regions.length > 0;
  }

  snapshot(): unknown {
    return {
      rows: this.rows.map(({ element }) => element.textContent),
      place: this.store.place.value,
      notes: this.notes.textContent,
      drawn: this.regions.regions.map(({ id, number, box }) => ({ id, number, box })),
    };
  }

  private get places(): readonly RolloutPlace[] {
    return this.rows.flatMap(({ place }) => place ?? []);
  }

  private paint(): void {
    this.theme ??= readTheme(this.element);
    const { groups, set } = this.store;
    this.rows = rolloutRows(this.store, this.theme);
    this.rows.forEach(({ element }, at) => {
      element.id = `rollout-row-${at}`;
    });
    fill(this.tree, ...this.rows.map(({ element }) => element));
    this.tree.hidden = this.rows.length === 0;
    const rollouts = groups.reduce((sum, { summary }) => sum + summary.size, 0);
    setText(this.title, groups.length === 0 ? '' : count(rollouts));
    this.eye.hidden = groups.length === 0;
    this.element.classList.toggle('unjoined', set.value.traces.length === 0);
    this.mark();
    this.paintNotes();
  }

  private mark(): void {
    const { place, drawn } = this.store;
    setPressed(this.eye, drawn.value);
    this.opener.hidden = place.value === null;
    let current: HTMLElement | null = null;
    for (const row of this.rows) {
      const on = samePlace(row.place, place.value);
      if (row.place !== null) setAria(row.element, 'selected', on);
      if (on) current = row.element;
    }
    setAria(this.tree, 'activedescendant', current?.id ?? null);
    current?.scrollIntoView({ block: 'nearest' });
  }

  private paintNotes(): void {
    const { set, here } = this.store;
    const { traces, search, passes, uncompared } = set.value;
    const lines: (HTMLElement | null)[] = [];
    if (traces.length === 0) {
      const choose = linkButton('Show Rollouts…', () => this.store.choose(), 'Show Rollouts on Images (Shift+J)');
      lines.push(div('rollouts-line', 'Traces that used these images: ', choose));
      fill(this.notes, ...lines);
      return;
    }
    if (typeof here.value === 'string') lines.push(div('rollouts-line', icon('error'), here.value));
    else if (this.rows.length === 0 && here.value !== null && search === null)
      lines.push(div('rollouts-line', 'No rollouts on this image.'));
    if (search !== null) {
      const what = search.what === 'groups' ? 'Looking for images' : 'Measuring images';
      const share = search.total === 0 ? '' : ` ${count(search.done)} of ${count(search.total)}`;
      lines.push(div('rollouts-line', icon('loading', 'codicon-modifier-spin'), `${what}…${share}`));
    }
    const { unknown, reasons } = this.regions;
    if (unknown.length > 0) lines.push(this.frameNote());
    for (const reason of reasons.slice(0, 2)) lines.push(div('rollouts-line', icon('info'), reason));
    for (const trace of traces) lines.push(traceLine(trace));
    if (uncompared > 0)
      lines.push(div('rollouts-line', icon('info'), `${counted(uncompared, 'image')} were not compared by content.`));
    const rules = new Set(traces.flatMap(({ found }) => found?.pass ?? []));
    const rule =
      passes === null && rules.size === 0 ? 'Nothing says what passes.' : `Passes: ${[...rules].join('; ')}.`;
    const change = linkButton('Change…', () => this.store.askPasses(), 'Total reward from which a rollout passes');
    if (search === null) lines.push(div('rollouts-line', `${rule} `, change));
    fill(this.notes, ...lines);
  }

  private frameNote(): HTMLElement {
    const open = linkButton('Choose it there', () => this.store.openRollout());
    return div('rollouts-line', icon('question'), 'Nobody knows which pixels its boxes count in. ', open);
  }

  private clicked(event: Event): void {
    const at = this.rows.findIndex(({ element }) => element.contains(event.target as Node));
    const place = this.rows[at]?.place ?? null;
    if (place === null) return;
    const again = samePlace(place, this.store.place.value);
    this.store.select(place);
    if (place.member === null && (again || (event.target as Element).closest('.twistie') !== null))
      this.store.toggle(place.group);
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const { store } = this;
    const { value: place } = store.place;
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by !== 0) this.step(by);
    else if (event.key === 'Home' || event.key === 'End')
      store.select(this.places.at(event.key === 'Home' ? 0 : -1) ?? null);
    else if (event.key === 'Escape') this.leave();
    else if (place === null) return;
    else if (event.key === 'ArrowRight') store.toggle(place.group, true);
    else if (event.key === 'ArrowLeft') this.close(place);
    else if (event.key === 'Enter') store.openRollout();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private step(by: number): void {
    const { places, store } = this;
    const at = places.findIndex((one) => samePlace(one, store.place.value));
    const next = places[Math.max(0, Math.min(at + by, places.length - 1))];
    if (next !== undefined) store.select(next);
  }

  /** Folds a group; from a member goes to its group. */
  private close({ group, member }: RolloutPlace): void {
    if (member === null) this.store.toggle(group, false);
    else this.store.select({ group, member: null });
  }
}

function traceLine(trace: TraceOnImages): HTMLElement {
  const { name, failure } = trace;
  return el(
    'div',
    { class: 'rollouts-line rollouts-trace', title: traceTitle(trace) },
    failure === null ? null : icon('error'),
    span('rollouts-name', name),
    span('rollouts-found', traceWords(trace)),
  );
}

function samePlace(a: RolloutPlace | null, b: RolloutPlace | null): boolean {
  return a !== null && b !== null && a.group === b.group && a.member === b.member;
}
