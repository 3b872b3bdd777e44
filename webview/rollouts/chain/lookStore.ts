import type { ZoomChain } from '../../../src/core/geometry/zoomChain';
import type { Rollout } from '../../../src/core/trajectory/rollout';
import { effectiveChoices } from '../store/frames';
import type { Session } from '../store/session';
import { Signal } from '../store/signal';
import { Chains } from './chains';
import { type Look, type Looks, looksOf, noLooks } from './looks';

/** What the selected rollout saw, and which of it is on show. Picture, strip and turns share it. */
export class LookStore {
  readonly looks = new Signal<Looks>(noLooks);
  private replayed: Chains | null = null;
  /** What the looks were made of. */
  private made: { readonly rollout: Rollout | null; readonly zoom: ZoomChain | null } = { rollout: null, zoom: null };

  constructor(private readonly session: Session) {
    const update = () => this.update();
    session.detail.on(update);
    session.place.on(update);
    session.state.on(update);
    session.groupImage.on(update);
  }

  /** Zoom chains of the group; null while its image's size is not known. */
  get chains(): Chains | null {
    const { group, groupImage, state, welcome } = this.session;
    const image = groupImage.value;
    if (group === null || image === null) return null;
    const choices = effectiveChoices(state.value.frames, group.frames);
    const tool = group.tool ?? null;
    const chosen = state.value.tool ?? null;
    if (this.replayed === null || !this.replayed.serves(image, choices, tool, chosen))
      this.replayed = new Chains(welcome.format, image, choices, tool, chosen);
    return this.replayed;
  }

  get current(): Look | null {
    return this.looks.value.list[this.session.look.value] ?? null;
  }

  /** The picture to show in the image's place: each turn had one of its own. Null for the image itself. */
  get screen(): { readonly row: number; readonly observation: number } | null {
    const observation = this.looks.value.kind === 'screens' ? (this.current?.picture?.observation ?? null) : null;
    const row = this.session.rollout?.row;
    return observation === null || row === undefined ? null : { row, observation };
  }

  /** Shows another look; false at either end. */
  step(by: 1 | -1): boolean {
    const next = this.session.look.value + by;
    if (this.looks.value.list[next] === undefined) return false;
    this.session.look.set(next);
    return true;
  }

  private update(): void {
    const { rollout } = this.session;
    const zoom = rollout === null ? null : (this.chains?.of(rollout).zoom ?? null);
    if (rollout === this.made.rollout && zoom === this.made.zoom) return;
    this.made = { rollout, zoom };
    this.looks.set(rollout === null ? noLooks : looksOf(rollout, zoom));
  }
}
