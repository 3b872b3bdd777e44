import { div, el, fill, setText, span } from '../../ui/dom';
import { type IconName, icon } from '../../ui/icon';
import { iconButton, setPressed } from '../../ui/iconButton';
import type { LookStore } from '../chain/lookStore';
import { toggleAllSiblings } from '../picture/toolbar';
import { onAny, oncePerFrame } from '../store/signal';
import { emptyLine } from '../turns/turnsView';
import { counted } from '../words';
import type { GroupStore } from './groupStore';
import { GroupTable } from './groupTable';
import { GroupTiles } from './groupTiles';

export type GroupMode = 'table' | 'tiles';

/** The rollouts of the selected group beside each other: in a table, or as pictures. */
export class GroupView {
  readonly element: HTMLElement;
  private readonly table: GroupTable;
  private readonly tiles: GroupTiles;
  private readonly words = span('quiet', '');
  private readonly buttons: Readonly<Record<GroupMode, HTMLButtonElement>>;
  private readonly all: HTMLButtonElement;
  private readonly empty = div('');
  private now: GroupMode = 'table';

  constructor(
    private readonly store: GroupStore,
    looks: LookStore,
    private readonly onMode: () => void,
  ) {
    const { session } = store.edits;
    this.table = new GroupTable(store);
    this.tiles = new GroupTiles(store, looks);
    const mode = (of: GroupMode, name: IconName, label: string, keys: string) => {
      return iconButton({ icon: name, label, keys, pressed: false, onClick: () => this.show(of) });
    };
    this.buttons = {
      table: mode('table', 'table', 'Table', 'Shift+M'),
      tiles: mode('tiles', 'file-media', 'Side by side', 'Shift+P'),
    };
    this.all = el(
      'button',
      { class: 'icon-button text', title: 'Draw all rollouts of the group on the image (A)', aria: { pressed: false } },
      icon('layers'),
      'All on the image',
    );
    this.all.type = 'button';
    this.all.addEventListener('click', () => toggleAllSiblings(session));
    this.element = div(
      'group-view',
      div('group-bar', this.buttons.table, this.buttons.tiles, this.words, div('toolbar-gap'), this.all),
      this.empty,
      this.table.element,
      this.tiles.element,
    );
    const soon = oncePerFrame(() => {
      if (!this.element.hidden) this.paint();
    });
    const { place, detail, state, siblings, boxInHand, groupImage, truth } = session;
    onAny(soon, [
      place,
      detail,
      state,
      siblings,
      boxInHand,
      groupImage,
      truth,
      store.edits.store.version,
      store.sort,
      store.far.version,
    ]);
    this.show('table');
  }

  get mode(): GroupMode {
    return this.now;
  }

  show(mode: GroupMode): void {
    this.now = mode;
    for (const name of ['table', 'tiles'] as const) setPressed(this.buttons[name], name === mode);
    this.paint();
    this.onMode();
  }

  /** Gives what is on show the keyboard. */
  focus(): void {
    (this.now === 'table' ? this.table : this.tiles).element.focus({ preventScroll: true });
  }

  paint(): void {
    const { shown } = this.store;
    const { session } = this.store.edits;
    const drawn = shown?.rows.every(
      ({ member }) => member === session.place.value?.member || session.siblings.value.has(member),
    );
    setPressed(this.all, drawn === true && (shown?.rows.length ?? 0) > 1);
    setText(this.words, shown === null ? '' : `Group ${shown.group + 1} · ${counted(shown.size, 'rollout')}`);
    this.empty.hidden = shown !== null;
    if (shown === null)
      fill(this.empty, session.place.value === null ? emptyLine('table', 'Select a rollout to see its group.') : null);
    this.table.paint(this.now === 'table' ? shown : null);
    this.tiles.paint(this.now === 'tiles' ? shown : null);
  }
}
