import type { Observation, Rollout } from '../../../src/core/trajectory/rollout';
import { append, div, el, setText, span } from '../../ui/dom';
import { linkButton } from '../../ui/iconButton';
import type { LookStore } from '../chain/lookStore';
import { Thumbs } from '../chain/thumbs';
import type { Session } from '../store/session';
import { count, pixels } from '../words';

/** Cards made at once; a video tool answers with hundreds of frames. */
const firstCards = 24;
const room = { width: 176, height: 116 };

interface Card {
  readonly node: HTMLElement;
  readonly frame: HTMLElement;
  readonly about: HTMLElement;
  readonly observation: number;
}

/** The pictures that came back, in the turns that they stand in: at their own resolution, each leads to its look. */
export class ObservationCards {
  private readonly thumbs: Thumbs;
  private cards: Card[] = [];

  constructor(
    private readonly session: Session,
    private readonly store: LookStore,
    root: HTMLElement,
  ) {
    this.thumbs = new Thumbs(session, root);
    store.looks.on(() => this.update());
    session.look.on(() => this.mark());
  }

  clear(): void {
    this.thumbs.clear();
    this.cards = [];
  }

  /** Null where nothing came back in the turn. */
  strip(rollout: Rollout, turn: number): HTMLElement | null {
    const all = (rollout.observations ?? []).flatMap((observation, index) =>
      observation.turn === turn ? [{ observation, index }] : [],
    );
    if (all.length === 0) return null;
    const strip = div('observations');
    const add = (some: typeof all) =>
      append(
        strip,
        some.map(({ observation, index }) => this.card(observation, index)),
      );
    add(all.slice(0, firstCards));
    if (all.length > firstCards) {
      const more = linkButton(`Show all ${count(all.length)} pictures`, () => {
        more.remove();
        add(all.slice(firstCards));
        this.update();
      });
      strip.append(more);
    }
    return strip;
  }

  /** After cards were made, and when it becomes known which part of the image stands for a picture. */
  update(): void {
    this.thumbs.clear();
    const { list } = this.store.looks.value;
    for (const { frame, about, observation } of this.cards) {
      const look = list.find(({ picture }) => picture?.observation === observation);
      this.thumbs.add({
        frame,
        picture: look?.picture ?? { observation, box: null },
        room,
        onShown: ({ picture, source }) =>
          setText(about, `${pixels(picture.original)}${source === 'cut' ? ' · recomputed' : ''}`),
      });
    }
    this.mark();
  }

  private card({ name, size, view }: Observation, observation: number): HTMLElement {
    const frame = div('look-frame');
    const about = span('card-where', size === undefined ? '' : pixels(size));
    const title = view.kind === 'blank' ? 'The log left its bytes out' : name;
    const node = el('button', { class: 'observation', title }, frame, span('card-label', name), about);
    node.type = 'button';
    node.addEventListener('click', () => this.choose(observation));
    this.cards.push({ node, frame, about, observation });
    return node;
  }

  private choose(observation: number): void {
    const look = this.lookOf(observation);
    if (look < 0) return;
    if (this.store.looks.value.kind === 'zoom') this.session.chain.set(true);
    this.session.look.set(look);
  }

  private lookOf(observation: number): number {
    return this.store.looks.value.list.findIndex(({ picture }) => picture?.observation === observation);
  }

  private mark(): void {
    const now = this.store.current?.picture?.observation ?? null;
    for (const { node, observation } of this.cards) {
      const chosen = now === observation;
      node.classList.toggle('chosen', chosen);
      if (chosen) node.scrollIntoView({ block: 'nearest' });
    }
  }
}
