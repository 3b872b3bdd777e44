import type { EffectiveAnnotation, EffectiveImage } from '../../../src/core/dataset/edit/imageNotes';
import type { Skeleton } from '../../../src/core/dataset/shape';
import type { ProposedBox } from '../../../src/core/policy/proposals';
import { Signal } from '../../rollouts/store/signal';
import type { EditStore } from '../edit/editStore';
import type { DatasetSession } from '../store/session';
import type { DrawKind } from './drawTool';
import { proposedAnnotations } from './proposals';

/** What the pointer does on the picture. */
export type Tool = 'select' | DrawKind | 'keypoints' | 'segment';

const none: readonly EffectiveAnnotation[] = [];
const usualFill = 0.16;
/** What a key takes from the fill or adds to it, and where the fullest ends: what is under it stays in sight. */
const fillStep = 0.08;
export const mostFill = 0.96;

/** What the detail view shows of the image, and what of it is selected. */
export class DetailState {
  readonly tool = new Signal<Tool>('select');
  readonly selected = new Signal<ReadonlySet<string>>(new Set());
  readonly hover = new Signal<string | null>(null);
  /** Annotations that the user hid; they stay in the list. */
  readonly hidden = new Signal<ReadonlySet<string>>(new Set());
  /** Only what is selected is drawn. */
  readonly solo = new Signal(false);
  readonly labels = new Signal(true);
  /** Of what is inside shapes, 0–1. */
  readonly fill = new Signal(usualFill);
  /** Each annotation has a colour of its own, not its label's. */
  readonly byInstance = new Signal(false);
  /** Annotations are drawn at all. */
  readonly drawn = new Signal(true);
  /** The image with its edits; null until it came. */
  readonly image = new Signal<EffectiveImage | null>(null);
  /** What a policy proposed for the image; listed behind its annotations. */
  readonly proposals = new Signal<readonly EffectiveAnnotation[]>([]);
  /** Label of the next annotation that is drawn. */
  label: string | null = null;
  private known: { readonly of: readonly unknown[]; readonly places: ReadonlyMap<string, number> } | null = null;

  private listed: {
    readonly own: readonly EffectiveAnnotation[];
    readonly proposed: readonly EffectiveAnnotation[];
    readonly all: readonly EffectiveAnnotation[];
  } | null = null;
  private counted: { readonly of: readonly unknown[]; readonly places: ReadonlyMap<string, number> } | null = null;

  constructor(
    readonly session: DatasetSession,
    readonly edits: EditStore,
  ) {
    session.image.on(() => this.enter());
    edits.version.on(() => this.refresh());
  }

  /** Proposals are behind the annotations that there are. The same list while nothing changed. */
  get annotations(): readonly EffectiveAnnotation[] {
    const [own, proposed] = [this.image.value?.annotations ?? none, this.proposals.value];
    if (this.listed?.own !== own || this.listed.proposed !== proposed)
      this.listed = { own, proposed, all: proposed.length === 0 ? own : [...own, ...proposed] };
    return this.listed.all;
  }

  /** Proposals of the image on show; of another one, which was left meanwhile, none. */
  propose(index: number, boxes: readonly ProposedBox[]): void {
    if (index === this.session.image.value) this.proposals.set(proposedAnnotations(boxes));
  }

  /** They are decided on. @param ids of those that became annotations the annotation's, which is selected in their place. */
  dropProposals(ids: ReadonlyMap<string, string | null>): void {
    if (ids.size === 0) return;
    const selected = [...this.selected.value].map((id) => ids.get(id) ?? id);
    this.proposals.set(this.proposals.value.filter(({ id }) => !ids.has(id)));
    this.selected.set(new Set(selected.filter((id) => !ids.has(id))));
  }

  /** Those that are drawn. */
  get visible(): readonly EffectiveAnnotation[] {
    if (!this.drawn.value) return [];
    const [hidden, solo, selected] = [this.hidden.value, this.solo.value, this.selected.value];
    return this.annotations.filter(({ id }) => (solo ? selected.has(id) : !hidden.has(id)));
  }

  /** Selected annotations in the order of the image. */
  get chosen(): readonly EffectiveAnnotation[] {
    return this.annotations.filter(({ id }) => this.selected.value.has(id));
  }

  /** The one that is selected alone. */
  get single(): EffectiveAnnotation | null {
    const [only, ...others] = this.chosen;
    return only !== undefined && others.length === 0 ? only : null;
  }

  /** `add` takes it in or out of what is selected. Null selects nothing. */
  select(id: string | null, add = false): void {
    if (id === null) {
      if (!add) this.selected.set(new Set());
      return;
    }
    const next = new Set(add ? this.selected.value : []);
    if (add && next.has(id)) next.delete(id);
    else next.add(id);
    this.selected.set(next);
  }

  /** The annotation before or behind the selected one. */
  step(by: 1 | -1): EffectiveAnnotation | null {
    const all = this.annotations;
    if (all.length === 0) return null;
    const ids = all.map(({ id }) => id);
    const [last = ''] = [...this.selected.value].slice(-1);
    const at = ids.indexOf(last);
    const to = at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length;
    const next = all[to] ?? null;
    if (next !== null) this.select(next.id);
    return next;
  }

  /** Place of an annotation's colour: of its label among the set's, or of itself among the image's; null for none. */
  placeOf({ id, label }: Pick<EffectiveAnnotation, 'id' | 'label'>): number | null {
    if (this.byInstance.value) return this.instances.get(id) ?? null;
    return label === null ? null : (this.places.get(label) ?? null);
  }

  /** What a category says of its keypoints; null for nothing. */
  skeletonOf(label: string | null): Skeleton | null {
    return this.session.info.value?.skeletons.find((one) => one.label === label) ?? null;
  }

  changeFill(by: 1 | -1): void {
    const next = Math.round((this.fill.value + by * fillStep) * 100) / 100;
    this.fill.set(Math.max(0, Math.min(mostFill, next)));
  }

  /** Labels to choose from: the set's, the most used first, then those that people gave. */
  get allLabels(): readonly string[] {
    const labels = this.session.info.value?.labels ?? [];
    const used = labels.toSorted((a, b) => b.annotations - a.annotations).map(({ label }) => label);
    return [...new Set([...used, ...this.ownLabels])];
  }

  /** Made anew when labels or annotations changed: a frame asks for each of a thousand annotations. */
  private get places(): ReadonlyMap<string, number> {
    const of = [this.session.info.value, this.image.value] as const;
    if (this.known === null || this.known.of[0] !== of[0] || this.known.of[1] !== of[1]) {
      const labels = [...(of[0]?.labels.map(({ label }) => label) ?? []), ...this.ownLabels];
      this.known = { of, places: new Map(labels.map((label, place) => [label, place])) };
    }
    return this.known.places;
  }

  /** As `places`, by id. */
  private get instances(): ReadonlyMap<string, number> {
    const { annotations } = this;
    if (this.counted?.of !== annotations)
      this.counted = { of: annotations, places: new Map(annotations.map(({ id }, place) => [id, place])) };
    return this.counted.places;
  }

  private enter(): void {
    const index = this.session.image.value;
    this.selected.set(new Set());
    this.hidden.set(new Set());
    this.hover.set(null);
    this.proposals.set([]);
    this.image.set(this.edits.image(index));
    if (index >= 0) this.edits.load(index).catch((error: unknown) => this.session.report(error));
  }

  private refresh(): void {
    const image = this.edits.image(this.session.image.value);
    this.image.set(image);
    if (image === null) return;
    const there = new Set(this.annotations.map(({ id }) => id));
    const left = [...this.selected.value].filter((id) => there.has(id));
    if (left.length < this.selected.value.size) this.selected.set(new Set(left));
  }

  /** Labels of this image that the set does not have. */
  private get ownLabels(): readonly string[] {
    const known = new Set(this.session.info.value?.labels.map(({ label }) => label));
    const own = this.annotations.flatMap(({ label }) => (label === null || known.has(label) ? [] : [label]));
    return [...new Set(own)].sort();
  }
}
