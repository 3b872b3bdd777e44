import type { DatasetWelcome } from '../../src/protocol/datasetEditor';
import { readTheme, watchTheme } from '../canvas/theme';
import { failureBanner, lostBanner } from '../rollouts/banners';
import type { VsCodeApi } from '../rollouts/store/host';
import { onAny } from '../rollouts/store/signal';
import { div, fill } from '../ui/dom';
import { HelpSheet } from '../ui/helpSheet';
import { handleKeys } from '../ui/keyHandler';
import { pressedName } from '../ui/keyNames';
import { statusLine } from '../ui/statusLine';
import { type EditorParts, perform, resize } from './actions';
import { Curate } from './curate/curate';
import { DetailView } from './detail/detailView';
import { EditStore } from './edit/editStore';
import { MarkEdits } from './edit/markEdits';
import { emptyNote } from './emptyNote';
import { FindBar } from './find/findBar';
import { FindStore } from './find/findStore';
import { groupVideos } from './find/videoGroups';
import { gridToolbar } from './grid/gridToolbar';
import { GridView } from './grid/gridView';
import { Header } from './header';
import { findKey, keyHelp } from './keys';
import { missingBanner } from './missingBanner';
import { ProblemsSheet } from './problemsSheet';
import { followColumns, RolloutsStore } from './rollouts/rolloutsStore';
import { StatisticsPane } from './statistics/statisticsPane';
import type { DatasetHost } from './store/host';
import { DatasetSession } from './store/session';
import { readViewState, type ViewState } from './store/viewState';

/** The built editor, as `main` keeps it. */
export interface Editor extends EditorParts {
  readonly store: EditStore;
  readonly snapshot: () => unknown;
}

/** Builds every pane around a session and puts them on the page. */
export function buildEditor(root: HTMLElement, host: DatasetHost, api: VsCodeApi, welcome: DatasetWelcome): Editor {
  const view = readViewState(api.getState());
  const session = new DatasetSession(host, welcome, view);
  const store = new EditStore(session);
  const grid = new GridView(session, (key) => store.marks(key));
  store.version.on(() => grid.refresh());
  const rollouts = new RolloutsStore(session);
  const detail = new DetailView(session, store, rollouts);
  const marks = new MarkEdits(session, store, () => (session.mode.value === 'detail' ? detail.toolbar.marks : toolbar));
  const help = new HelpSheet(keyHelp());
  const find = new FindBar(session, new FindStore(session));
  const statistics = new StatisticsPane(find.store);
  const curate = new Curate(find.store, store);
  const problems = new ProblemsSheet(session);
  const parts: EditorParts = { session, grid, detail, help, marks, curate, find, statistics, problems, rollouts };
  followColumns(rollouts, find.store);
  const act = (action: Parameters<typeof perform>[1]) => () => void perform(parts, action);
  const header = new Header(session, {
    closeImage: act('closeImage'),
    showProblems: act('showProblems'),
    toggleStatistics: act('toggleStatistics'),
    showRollouts: act('showRollouts'),
    exportImages: act('exportImages'),
    toggleHelp: act('toggleHelp'),
  });
  statistics.shown.on((shown) => header.setStatistics(shown));
  const toolbar = gridToolbar(session, [...find.tools, curate.button], act);
  const all = div(
    'all-images',
    toolbar,
    find.element,
    curate.threshold.element,
    missingBanner(session, act('chooseFolder')),
    div('with-statistics', grid.element, statistics.element),
  );
  fill(
    root,
    header.element,
    div('banners', failureBanner(session), lostBanner(session)),
    div('dataset-body', all, detail.element),
    emptyNote(session),
    help.element,
    problems.element,
    statusLine(session.message),
  );
  showMode(parts, all);
  paintInks(root);
  handleKeys((event) => {
    const row = findKey(event, session.mode.value);
    return row !== null && perform(parts, row.action, pressedName(event));
  });
  grid.element.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      resize(session, -Math.sign(event.deltaY) / 2);
    },
    { passive: false },
  );
  find.store.restore(view.query);
  if (view.query === '') groupVideos(find.store);
  statistics.shown.set(view.statistics);
  keepState(api, parts, view);
  restore(session, view);
  void rollouts.load();
  store.loadMarks().catch((error: unknown) => session.report(error));
  return { ...parts, store, snapshot: () => snapshotOf(parts) };
}

/** One of the two modes is on screen, and has the keyboard. */
function showMode({ session, grid, detail }: EditorParts, all: HTMLElement): void {
  const paint = () => {
    const alone = session.mode.value === 'detail';
    all.hidden = alone;
    detail.element.hidden = !alone;
    if (alone) detail.focus();
    else {
      grid.reveal();
      grid.focus();
    }
  };
  all.hidden = false;
  detail.element.hidden = true;
  session.mode.on(paint);
}

/** Goes to the image that the view showed last, as soon as the scan has come that far; a photo is shown at once. */
function restore(session: DatasetSession, view: ViewState): void {
  const { welcome, progress, selection } = session;
  let waiting = true;
  const go = () => {
    if (!waiting || progress.value.images <= view.image) return;
    waiting = false;
    if (selection.cursor.value <= 0) selection.move(session.listing.value.placeOf(view.image));
    if (view.detail || welcome.photo) session.open(view.image);
  };
  progress.on(go);
  go();
}

function keepState(api: VsCodeApi, { session, find, statistics }: EditorParts, first: ViewState): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const { selection, mode, boxes, asList, side, listing } = session;
  onAny(() => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const state: ViewState = {
        ...first,
        image: Math.max(0, selection.image),
        detail: mode.value === 'detail',
        boxes: boxes.value,
        asList: asList.value,
        side: side.value,
        statistics: statistics.shown.value,
        query: find.store.kept,
      };
      api.setState(state);
    }, 150);
  }, [selection.cursor, mode, boxes, asList, side, listing, statistics.shown]);
}

/** Gives chips and bars the colours the canvas draws with, and follows the theme. */
function paintInks(root: HTMLElement): void {
  const paint = () => {
    readTheme(root).inks.forEach(({ stroke, text }, place) => {
      root.style.setProperty(`--ink-${place}`, stroke);
      root.style.setProperty(`--ink-text-${place}`, text);
    });
  };
  watchTheme(paint);
  paint();
}

function snapshotOf({ session, grid, detail, find, statistics }: EditorParts): unknown {
  const { selection, listing, progress, mode, boxes, asList, side, image } = session;
  return {
    mode: mode.value,
    image: image.value,
    grid: grid.snapshot(),
    detail: detail.snapshot(),
    cursor: { place: selection.cursor.value, image: selection.image },
    selected: [...selection.images.value].sort((a, b) => a - b),
    query: find.store.query.value,
    status: find.store.status.value,
    statistics: statistics.shown.value,
    listed: listing.value.count,
    sections: listing.value.sections,
    boxes: boxes.value,
    asList: asList.value,
    side: side.value,
    progress: progress.value,
  };
}
