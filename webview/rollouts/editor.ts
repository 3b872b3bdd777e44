import type { RolloutsWelcome } from '../../src/protocol/rollouts';
import { readTheme, watchTheme } from '../canvas/theme';
import { channelBackend } from '../segment/channelBackend';
import { div, fill, span } from '../ui/dom';
import { HelpSheet } from '../ui/helpSheet';
import { iconButton } from '../ui/iconButton';
import { handleKeys } from '../ui/keyHandler';
import { pressedName } from '../ui/keyNames';
import { statusLine } from '../ui/statusLine';
import { type EditorParts, perform } from './actions';
import { failureBanner, lostBanner } from './banners';
import { BottomPane } from './bottomPane';
import { LookStore } from './chain/lookStore';
import { showMasks } from './chain/showMasks';
import { emptyNote } from './emptyNote';
import { FilterBar } from './filter/filterBar';
import { FilterStore } from './filter/filterStore';
import { GroupStore } from './group/groupStore';
import { Header } from './header';
import { focusOf, zoomedPart } from './keyFocus';
import { findKey, keyHelp, takesBack } from './keys';
import { Layout } from './layout';
import { RolloutList } from './list/rolloutList';
import { LivePane } from './live/livePane';
import { LiveStore } from './live/liveStore';
import { RegionDrawing } from './live/regionDrawing';
import { branchClicks } from './masks/branchClicks';
import { ClickRerun } from './masks/clickRerun';
import { DrawnMasks } from './masks/drawnMasks';
import { MaskEdits } from './masks/maskEdits';
import { MaskList } from './masks/maskList';
import { RerunList } from './masks/rerunList';
import { BoxEdits } from './notes/boxEdits';
import { NoteEdits } from './notes/noteEdits';
import { RowNotes } from './notes/rowNotes';
import { OverviewPane } from './overview/overviewPane';
import { OverviewStore } from './overview/overviewStore';
import { guestNote } from './picture/guestNote';
import { MarkStore } from './picture/markStore';
import { PicturePane } from './picture/picturePane';
import { Toolbar } from './picture/toolbar';
import { ReviewBar } from './review/reviewBar';
import { ReviewStore } from './review/reviewStore';
import { ScoreStore } from './score/scoreStore';
import { SidePane } from './side/sidePane';
import { snapshotOf } from './snapshot';
import type { Host, VsCodeApi } from './store/host';
import { Session } from './store/session';
import { onAny } from './store/signal';
import { readViewState } from './store/viewState';

/** The built editor, as `main` keeps it. */
export interface Editor extends EditorParts {
  readonly snapshot: () => unknown;
}

/** Builds every pane around a session and puts them on the page. */
export function buildEditor(root: HTMLElement, host: Host, api: VsCodeApi, welcome: RolloutsWelcome): Editor {
  const view = readViewState(api.getState());
  const session = new Session(host, welcome, view);
  const looks = new LookStore(session);
  const store = new MarkStore(session, looks);
  const filter = new FilterBar(session, new FilterStore(session));
  const edits = new NoteEdits(session, session.notes, filter.store.columns);
  const scores = new ScoreStore(session, filter.store);
  const list = new RolloutList(session, new RowNotes(edits, scores));
  const help = new HelpSheet(keyHelp());
  // Buttons act once the user can press them, and by then `parts` is whole.
  const act = (action: Parameters<typeof perform>[1]) => () => void perform(parts, action);
  const toolbar = new Toolbar(session, looks, store, act);
  const picture = new PicturePane(
    session,
    store,
    looks,
    toolbar.element,
    () => {
      side.frames.edit(store.marks.value.unknown[0] ?? 'prediction');
    },
    view.visible,
  );
  const boxes = new BoxEdits(edits, store, looks, picture.canvas);
  const drawn = new DrawnMasks(session);
  const rerun = new ClickRerun(session, looks, channelBackend(session.host));
  showMasks(session, looks, drawn, rerun, picture.canvas, (trouble) => picture.notes.say(trouble));
  const masks = new MaskEdits(edits, store, looks, drawn, picture.canvas);
  const live = new LiveStore(session.host, (error) => session.report(error));
  const drawing = new RegionDrawing(session, picture.canvas);
  // One tool has the pointer.
  masks.beforeOn = () => void drawing.cancel();
  drawing.on.on((on) => on && masks.tool.toggle(false));
  picture.stage.append(...masks.tool.elements, drawing.hint);
  toolbar.follow(boxes, masks);
  const remember = () => save();
  picture.canvas.onViewport(({ scale }) => {
    toolbar.setZoom(scale);
    remember();
  });
  const side = new SidePane(session, store, filter.store.columns, edits, view.closedSections, remember, scores);
  side.include('masks', new MaskList(masks, !view.closedSections.includes('masks'), remember).section);
  const rerunOpen = !view.closedSections.includes('rerun');
  side.include(
    'rerun',
    new RerunList(rerun, (click) => branchClicks(masks, rerun, click), rerunOpen, remember).section,
  );
  const bottom = new BottomPane(session, store, looks, edits, new GroupStore(edits, scores), view.tab, remember);
  const header = new Header(session, {
    showProblems: act('showProblems'),
    toggleHelp: act('toggleHelp'),
    toggleOverview: act('toggleOverview'),
  });
  const numbers = new OverviewStore(session, filter.store);
  const overview = new OverviewPane(
    numbers,
    () => list.focus(),
    () => setOverview(false),
  );
  const setOverview = (shown: boolean) => {
    if (shown === overview.shown) return;
    overview.setShown(shown);
    header.setOverview(shown);
    if (!shown) list.focus();
    remember();
  };
  const review = new ReviewBar(new ReviewStore(edits, filter.store), filter);
  const left = div('left', listHead(list, filter), filter.element, review.element, list.element);
  bottom.element.prepend(new LivePane(live).element);
  const layout = new Layout(
    { left, picture: picture.element, bottom: bottom.element, right: side.element },
    view,
    remember,
  );
  layout.element.append(overview.element);
  picture.element.append(guestNote(session));
  const parts: EditorParts = {
    overview,
    setOverview,
    review,
    session,
    edits,
    boxes,
    masks,
    rerun,
    live,
    drawing,
    store,
    looks,
    list,
    filter,
    canvas: picture.canvas,
    strip: picture.strip,
    bottom,
    side,
    help,
  };
  const save = saver(api, parts, layout);
  const { place, listing, siblings, truth, taskBoxes, chain, meant } = session;
  onAny(save, [place, listing, siblings, truth, taskBoxes, chain, meant]);
  fill(
    root,
    header.element,
    div('banners', failureBanner(session), lostBanner(session)),
    layout.element,
    emptyNote(session),
    help.element,
    statusLine(session.message),
  );
  paintInks(root);
  handleKeys((event) => {
    const back = takesBack(event);
    if (back !== null && perform(parts, back, '')) return true;
    const row = findKey(event, focusOf(parts));
    return row !== null && perform(parts, row.action, pressedName(event));
  });
  reportFocus(session, picture.canvas.element);
  restore(session, view.group, view.member);
  filter.store.restore(view.query);
  session.place.on(leaveOverview(session, setOverview));
  if (view.overview) setOverview(true);
  return { ...parts, snapshot: () => snapshotOf(parts) };
}

function listHead(list: RolloutList, filter: FilterBar): HTMLElement {
  const node = div('pane-head', span('pane-title', 'Rollouts'), div('toolbar-gap'));
  node.append(
    ...filter.headButtons,
    iconButton({ icon: 'expand-all', label: 'Expand all groups', onClick: () => list.setAllCollapsed(false) }),
    iconButton({ icon: 'collapse-all', label: 'Collapse all groups', onClick: () => list.setAllCollapsed(true) }),
  );
  return node;
}

/** Selects what the view showed last, as soon as the scan has come that far; the first rollout until then. */
function restore(session: Session, group: number, member: number): void {
  const choose = () => {
    const { layout, place } = session;
    if (layout.count === 0 || place.value !== null) return;
    const there = group < layout.count;
    session.choose(there ? { slot: group, index: Math.min(member, layout.size(group) - 1) } : { slot: 0, index: 0 });
  };
  session.listVersion.on(choose);
  choose();
}

/** Who selects a rollout wants to see it. The first selection is the editor's own. */
function leaveOverview(session: Session, setOverview: (shown: boolean) => void): () => void {
  let first = session.place.value === null;
  return () => {
    if (!first) setOverview(false);
    first = false;
  };
}

function saver(
  api: VsCodeApi,
  { session, canvas, bottom, side, filter, overview }: EditorParts,
  layout: Layout,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const place = session.place.value;
      api.setState({
        version: 1,
        group: place?.group ?? 0,
        member: place?.member ?? 0,
        ...layout.sizes,
        siblings: [...session.siblings.value],
        truth: session.truth.value,
        taskBoxes: session.taskBoxes.value,
        chain: session.chain.value,
        meant: session.meant.value,
        tab: bottom.tab,
        visible: zoomedPart(session, canvas),
        closedSections: side.closed,
        query: filter.store.kept,
        overview: overview.shown,
      });
    }, 150);
  };
}

/** Gives lists and chips the colours the canvas draws with, and follows the theme. */
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

/** Tells the host when the picture has the keyboard: the context key of VS Code's own keybindings follows it. */
function reportFocus(session: Session, canvas: HTMLElement): void {
  const tell = (focused: boolean) => {
    session.host.call('editor/focus', { canvas: focused }).catch((error: unknown) => session.report(error));
  };
  canvas.addEventListener('focusin', () => tell(true));
  canvas.addEventListener('focusout', () => tell(false));
}
