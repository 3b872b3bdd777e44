import type { ScoringProfile } from '../../../src/core/reward/scoring/profile';
import { button, dropdown } from '../../ui/controls';
import { div, fill, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { iconButton } from '../../ui/iconButton';
import { progressBar } from '../../ui/progressBar';
import { type Section, section } from '../../ui/section';
import type { Session } from '../store/session';
import { onAny, oncePerFrame } from '../store/signal';
import { count } from '../words';
import { GroupTable } from './groupTable';
import type { ScoreStore } from './scoreStore';
import { componentTable, profileAbout } from './scoreTables';
import { countedWords, statusWord, verdictWords } from './scoreWords';

/** The toolkit takes an option without a value for the chosen one, and a user's id may be any text. */
const noProfile = 'none';
const idMark = 'id ';

/** *Recomputed*: the selected rollout's reward by a profile, beside what the log says. Painted while it is open. */
export class ScoreView {
  readonly section: Section;
  private readonly chooser = div('score-chooser');
  private readonly numbers = div('score-numbers');
  private readonly pass = div('score-pass');
  private readonly bar = progressBar('Rollouts scored');
  private readonly own = div('');
  private readonly heading = div('score-heading', 'The group');
  private readonly table: GroupTable;
  private loaded = false;
  private about: { readonly of: ScoringProfile; readonly element: HTMLElement } | null = null;

  constructor(
    private readonly session: Session,
    readonly store: ScoreStore,
    open: boolean,
    onToggle: () => void,
  ) {
    this.table = new GroupTable((member, row) =>
      session.select({ group: session.place.value?.group ?? 0, member }, row),
    );
    this.section = section('Recomputed', open, () => {
      this.opened();
      onToggle();
    });
    this.section.body.append(this.chooser, this.numbers, this.pass, this.bar.element);
    onAny(() => this.paint(), [session.place, session.detail, session.groupImage, session.boxInHand]);
    session.notes.version.on(oncePerFrame(() => this.paint()));
    session.state.on(() => this.opened());
    store.list.on(() => this.opened());
    onAny(() => this.paintPass(), [store.running, store.outcome]);
    this.opened();
  }

  /** Opens the section and gives it the keyboard. */
  show(): void {
    this.section.setOpen(true);
    this.section.element.scrollIntoView({ block: 'nearest' });
    this.chooser.querySelector<HTMLElement>('vscode-dropdown')?.focus();
  }

  private opened(): void {
    if (!this.section.open) return;
    if (!this.loaded) {
      this.loaded = true;
      void this.store.load();
    }
    this.paintChooser();
    this.paint();
    this.paintPass();
  }

  private paintChooser(): void {
    const { profiles, problems } = this.store.list.value;
    const { profile: chosen = '' } = this.session.state.value;
    const gone = chosen !== '' && this.store.profile === null;
    const focused = this.chooser.contains(document.activeElement);
    const choice = dropdown({
      label: 'Reward profile',
      options: [
        { value: noProfile, label: 'No profile' },
        ...profiles.map(({ id, title }) => ({ value: idMark + id, label: title })),
        ...(gone ? [{ value: idMark + chosen, label: `${chosen} (not found)` }] : []),
      ],
      value: chosen === '' ? noProfile : idMark + chosen,
      onChange: (value) => this.store.choose(value === noProfile ? null : value.slice(idMark.length)),
    });
    const reload = iconButton({
      icon: 'refresh',
      label: 'Read profiles anew',
      onClick: () => void this.store.load(),
    });
    const troubles = problems.map((text) => div('score-problem', icon('error'), span('', text)));
    fill(this.chooser, div('score-choice', choice, reload), ...troubles);
    if (focused) choice.focus();
  }

  private paint(): void {
    const { section: pane, store, session } = this;
    if (!pane.open) return;
    const { profile } = store;
    if (profile === null) {
      pane.setNote('');
      fill(this.numbers, div('quiet', 'Choose a profile to recompute rewards beside those of the log.'));
      return;
    }
    const member = session.place.value?.member ?? -1;
    const { group } = store;
    const own = group?.members.find((one) => one.member === member) ?? null;
    pane.setNote(own === null ? '' : verdictWords(own.compared.total.verdict).short);
    if (group === null || own === null) {
      const sample = session.rollout?.kind === 'sample';
      fill(this.numbers, provenance(profile), sample && div('quiet', 'A sample has no response to score.'));
      return;
    }
    this.table.update(group, member);
    fill(
      this.own,
      provenance(profile),
      store.edited && div('quiet', 'Edited boxes count where they were put, rewards that were set as they were set.'),
      componentTable(own.compared),
    );
    const parts = [this.own, this.aboutOf(profile), this.heading, this.table.element];
    // Put where it is already, the group's table would be laid out anew with every step of a box.
    if (parts.some((part, i) => part !== this.numbers.children[i])) fill(this.numbers, ...parts);
  }

  /** The same element while the profile is: it may have been opened. */
  private aboutOf(profile: ScoringProfile): HTMLElement {
    if (this.about?.of !== profile) this.about = { of: profile, element: profileAbout(profile) };
    return this.about.element;
  }

  private paintPass(): void {
    const { store } = this;
    if (!this.section.open) return;
    const running = store.running.value;
    this.bar.set(running === null ? null : running.total === 0 ? 0 : running.done / running.total);
    if (running !== null) {
      const stop = button({ label: 'Stop', onClick: () => store.cancel() });
      const words = `${count(running.done)} of ${count(running.total)} rollouts`;
      const known = this.pass.querySelector('.score-progress');
      // The button keeps its focus while the count moves.
      if (known === null) fill(this.pass, stop, span('score-progress', words));
      else known.textContent = words;
      return;
    }
    const start = button({ label: 'Score All', onClick: () => void store.scoreAll() });
    start.title = 'Recompute every rollout of the trace, for the list, filters and plots';
    const own = button({ label: 'Your Python Reward…', onClick: () => void store.scorePython() });
    own.title = 'Score every rollout by a function of your own, in verl’s or TRL’s signature';
    fill(this.pass, store.profile !== null && start, own, span('score-outcome', store.outcome.value));
  }
}

/** Where a profile comes from, in plain sight of its numbers. */
function provenance({ source, counted }: ScoringProfile): HTMLElement {
  const boxes = counted === undefined ? '' : countedWords(counted);
  return div(
    'score-origin',
    div('score-source', span('score-status', statusWord(source)), span('', source.text)),
    boxes !== '' && div('score-note', boxes),
  );
}
