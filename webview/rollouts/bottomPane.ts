import { placeOf } from '../../src/core/trajectory/rollout';
import { div, fill, setText, span } from '../ui/dom';
import { iconButton } from '../ui/iconButton';
import { type Tabs, tabs } from '../ui/tabs';
import type { LookStore } from './chain/lookStore';
import { DiffStore } from './diff/diffStore';
import { DiffView } from './diff/diffView';
import type { GroupStore } from './group/groupStore';
import { type GroupMode, GroupView } from './group/groupView';
import type { NoteEdits } from './notes/noteEdits';
import type { MarkStore } from './picture/markStore';
import { ProblemsView } from './problemsView';
import type { Session } from './store/session';
import { RawView } from './turns/rawView';
import { ThenAndNow } from './turns/thenAndNow';
import { TurnsView } from './turns/turnsView';
import { count } from './words';

/** The panel under the picture: turns, raw text, the group, two responses, the prompt at other steps, problems. Only the tab on show is painted. */
export class BottomPane {
  readonly element: HTMLElement;
  private readonly tabs: Tabs;
  private readonly views: Readonly<Record<'turns' | 'raw' | 'group' | 'diff' | 'then' | 'problems', { paint(): void }>>;
  private readonly group: GroupView;
  private readonly diff: DiffView;
  private readonly raw: RawView;
  private readonly turns: TurnsView;
  private built = false;
  private readonly where = span('panel-where');
  private readonly actions = div('panel-actions');

  constructor(
    private readonly session: Session,
    store: MarkStore,
    looks: LookStore,
    edits: NoteEdits,
    group: GroupStore,
    tab: string,
    onShow: () => void,
  ) {
    const shown = () => {
      if (this.built) onShow();
    };
    this.turns = new TurnsView(session, store, looks, edits);
    const { turns } = this;
    this.raw = new RawView(session);
    const { raw } = this;
    const problems = new ProblemsView(session);
    const then = new ThenAndNow(session);
    this.group = new GroupView(group, looks, shown);
    this.diff = new DiffView(new DiffStore(group));
    this.views = { turns, raw, group: this.group, diff: this.diff, then, problems };
    this.tabs = tabs(
      'Text of the rollout',
      [
        { id: 'turns', label: 'Turns', panel: turns.element },
        { id: 'raw', label: 'Raw', keys: 'R', panel: raw.element },
        { id: 'group', label: 'Group', keys: 'Shift+M', panel: this.group.element },
        { id: 'diff', label: 'Diff', keys: 'Shift+D', panel: this.diff.element },
        { id: 'then', label: 'Then and now', keys: 'B', panel: then.element },
        { id: 'problems', label: 'Problems', keys: 'E', panel: problems.element },
      ],
      (id) => {
        if (id !== 'diff') this.diff.leave();
        this.paint();
        shown();
      },
    );
    fill(
      this.actions,
      iconButton({ icon: 'copy', label: 'Copy the response', onClick: () => this.copy() }),
      iconButton({ icon: 'go-to-file', label: 'Open the log at this rollout', onClick: () => this.openLog() }),
    );
    this.element = div(
      'panel',
      div('panel-head', this.tabs.strip, div('toolbar-gap'), this.where, this.actions),
      this.tabs.panels,
    );
    session.place.on(() => this.paint());
    session.detail.on(() => this.paint());
    session.progress.on((progress) => {
      this.tabs.setCount('problems', progress.problems === 0 ? '' : count(progress.problems));
      if (this.tabs.active === 'problems') problems.paint();
    });
    this.tabs.setCount('problems', session.progress.value.problems === 0 ? '' : count(session.progress.value.problems));
    if (tab === 'tiles') this.group.show('tiles');
    const known = tab === 'tiles' ? 'group' : tab;
    this.tabs.show(Object.keys(this.views).includes(known) ? known : 'turns');
    this.built = true;
  }

  /** The tab on show; `tiles` for the group's pictures. */
  get tab(): string {
    const { active } = this.tabs;
    return active === 'group' && this.group.mode === 'tiles' ? 'tiles' : active;
  }

  /** Shows the group as a table or as pictures with the keyboard in it, or the turns again when that is on show. */
  toggleGroup(mode: GroupMode): boolean {
    const there = this.tab === (mode === 'tiles' ? 'tiles' : 'group');
    this.tabs.show(there ? 'turns' : 'group');
    if (there) return false;
    this.group.show(mode);
    this.group.focus();
    return true;
  }

  /** Shows a tab, or the turns again when it is already there. */
  toggle(id: 'raw' | 'diff' | 'then' | 'problems'): void {
    this.tabs.show(this.tabs.active === id ? 'turns' : id);
  }

  /** Shows the comparison of two responses and asks what with. */
  chooseDiff(): void {
    this.tabs.show('diff');
    this.diff.choose();
  }

  /** The keyboard is among the turns. */
  get onTurns(): boolean {
    return this.tab === 'turns' && this.turns.element.contains(document.activeElement);
  }

  /** Shows the turn that keys label, and gives the turns the keyboard. */
  revealTurn(): void {
    this.tabs.show('turns');
    this.turns.labels.reveal();
  }

  /** Gives the keyboard to the rationale of the turn that keys label; false where there is none. */
  editTurnRationale(): boolean {
    this.tabs.show('turns');
    return this.turns.labels.editRationale();
  }

  /** Colours the tokens by the next of their numbers, in the raw text; false where the rollout has none. */
  cycleHeat(): boolean {
    if (!this.raw.cycleHeat()) return false;
    this.tabs.show('raw');
    return true;
  }

  private paint(): void {
    const { rollout, place } = this.session;
    const empty = rollout === null || place.value === null;
    setText(this.where, empty ? '' : `Rollout ${(place.value?.member ?? 0) + 1} · ${placeOf(rollout)}`);
    this.actions.hidden = empty;
    this.views[this.tabs.active as keyof typeof this.views].paint();
  }

  private copy(): void {
    const { rollout, host } = this.session;
    if (rollout === null) return;
    host.call('editor/copy', { text: rollout.response }).then(
      () => this.session.say('The response was copied.'),
      (error: unknown) => this.session.report(error),
    );
  }

  private openLog(): void {
    const { rollout, host } = this.session;
    if (rollout !== null)
      host.call('editor/openLog', { row: rollout.row }).catch((error: unknown) => this.session.report(error));
  }
}
