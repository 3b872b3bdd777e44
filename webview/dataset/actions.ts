import type { HelpSheet } from '../ui/helpSheet';
import type { Curate } from './curate/curate';
import type { DetailView } from './detail/detailView';
import type { MarkEdits } from './edit/markEdits';
import { findDuplicates } from './find/duplicates';
import type { FindBar } from './find/findBar';
import { isFiltered } from './find/findWords';
import type { GridView } from './grid/gridView';
import type { KeyAction } from './keys';
import type { ProblemsSheet } from './problemsSheet';
import type { RolloutsStore } from './rollouts/rolloutsStore';
import type { StatisticsPane } from './statistics/statisticsPane';
import type { DatasetSession } from './store/session';

/** The parts that actions reach. */
export interface EditorParts {
  readonly session: DatasetSession;
  readonly grid: GridView;
  readonly detail: DetailView;
  readonly help: HelpSheet;
  readonly marks: MarkEdits;
  readonly curate: Curate;
  readonly find: FindBar;
  readonly statistics: StatisticsPane;
  readonly problems: ProblemsSheet;
  readonly rollouts: RolloutsStore;
}

/** Least, largest and step of a thumbnail's side, CSS pixels. */
const sides = { least: 64, most: 480, factor: 1.2 };

/** Runs an action of a key, a button or a command. False leaves the key to the browser. */
export function perform(parts: EditorParts, action: KeyAction, key = ''): boolean {
  const { session, help, problems } = parts;
  if (action === 'toggleHelp') {
    help.toggle();
    return true;
  }
  if (help.open || (problems.element.open && action !== 'showProblems')) return false;
  if (session.mode.value === 'detail' && parts.detail.perform(action, key)) return true;
  if (parts.marks.perform(action)) return true;
  if (parts.curate.perform(action)) return true;
  if (action === 'propose') {
    void propose(parts);
    return true;
  }
  if (action === 'showRollouts') {
    parts.rollouts.choose();
    return true;
  }
  if (action === 'exportImages') {
    exportImages(parts);
    return true;
  }
  return (
    moveAction(parts, action) ||
    selectionAction(parts, action) ||
    findAction(parts, action) ||
    viewAction(parts, action)
  );
}

/** The host asks which policy, and what about. At one image what comes is proposed there, else the rollouts are shown. */
async function propose({ session, detail }: EditorParts): Promise<void> {
  const { listing, selection, mode, image } = session;
  const alone = mode.value === 'detail';
  const index = alone ? image.value : listing.value.imageAt(selection.cursor.value);
  if (index < 0) return;
  try {
    const asked = { index, show: !alone };
    const proposals = await session.host.call('policy/ask', asked, { deadline: Number.POSITIVE_INFINITY });
    if (proposals === null) return;
    detail.state.propose(index, proposals);
    session.say(
      proposals.length === 0
        ? 'The policy proposed nothing here.'
        : `${proposals.length} proposed: Enter accepts the selected one, Shift+A all, C labels it.`,
    );
  } catch (error) {
    session.report(error);
  }
}

/** The host asks which of these, as what and where. */
function exportImages({ session, find }: EditorParts): void {
  const query = find.store.query.value;
  const onShow = { selected: [...session.selection.images.value], query: isFiltered(query) ? query : null };
  session.host
    .call('edits/export', onShow, { deadline: Number.POSITIVE_INFINITY })
    .catch((error: unknown) => session.report(error));
}

/** Another size of thumbnails: larger by so many steps. */
export function resize({ side }: DatasetSession, steps: number): void {
  side.set(Math.round(Math.max(sides.least, Math.min(side.value * sides.factor ** steps, sides.most))));
}

const moves: Partial<Record<KeyAction, Parameters<GridView['target']>[0]>> = {
  left: 'left',
  right: 'right',
  up: 'up',
  down: 'down',
  pageUp: 'pageUp',
  pageDown: 'pageDown',
  home: 'home',
  end: 'end',
};

const ranges: Partial<Record<KeyAction, Parameters<GridView['target']>[0]>> = {
  extendLeft: 'left',
  extendRight: 'right',
  extendUp: 'up',
  extendDown: 'down',
};

function moveAction({ session, grid }: EditorParts, action: KeyAction): boolean {
  const { selection } = session;
  const step = moves[action];
  const range = ranges[action];
  if (step !== undefined) selection.move(grid.target(step));
  else if (range !== undefined) selection.extend(grid.target(range));
  else if (action === 'nextSection' || action === 'previousSection') {
    const place = grid.section(action === 'nextSection' ? 1 : -1);
    if (place >= 0) selection.move(place);
  } else if (action === 'nextImage' || action === 'previousImage') session.step(action === 'nextImage' ? 1 : -1);
  else return false;
  grid.reveal();
  return true;
}

function selectionAction({ session }: EditorParts, action: KeyAction): boolean {
  const { selection } = session;
  switch (action) {
    case 'openImage':
      session.open(selection.image);
      return true;
    case 'closeImage':
      session.close();
      return true;
    case 'toggleSelected':
      selection.toggle(selection.cursor.value);
      return true;
    case 'selectAll':
      selection.all();
      return true;
    case 'clearSelection':
      return selection.clear();
    default:
      return false;
  }
}

function findAction({ find }: EditorParts, action: KeyAction): boolean {
  const acts: Partial<Record<KeyAction, () => void>> = {
    search: () => find.focusSearch(),
    addFilter: () => find.openAdd(),
    sql: () => find.toggleSql(),
    clearFilter: () => find.store.clear(),
    saveFilter: () => void find.save(),
    savedFilters: () => void find.pick(),
    sort: () => find.openSort(),
    group: () => find.openGroup(),
    findDuplicates: () => void findDuplicates(find.store),
  };
  const act = acts[action];
  act?.();
  return act !== undefined;
}

function viewAction({ session, statistics, problems }: EditorParts, action: KeyAction): boolean {
  switch (action) {
    case 'toggleBoxes':
      session.boxes.set(!session.boxes.value);
      session.speak(session.boxes.value ? 'Boxes shown.' : 'Boxes hidden.');
      return true;
    case 'toggleList':
      session.asList.set(!session.asList.value);
      session.speak(session.asList.value ? 'List.' : 'Grid.');
      return true;
    case 'toggleStatistics':
      statistics.shown.set(!statistics.shown.value);
      return true;
    case 'showProblems':
      problems.toggle();
      return true;
    case 'chooseFolder':
      void chooseFolder(session);
      return true;
    case 'larger':
    case 'smaller':
      resize(session, action === 'larger' ? 1 : -1);
      return true;
    default:
      return false;
  }
}

/** Images are looked for in a folder that the user names. */
async function chooseFolder(session: DatasetSession): Promise<void> {
  try {
    await session.host.call('images/chooseFolder', {}, { deadline: Number.POSITIVE_INFINITY });
  } catch (error) {
    session.report(error);
  }
}
