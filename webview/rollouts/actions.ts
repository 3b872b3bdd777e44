import type { ImageCanvas } from '../canvas/imageCanvas';
import type { HelpSheet } from '../ui/helpSheet';
import type { BottomPane } from './bottomPane';
import type { LookStore } from './chain/lookStore';
import type { LookStrip } from './chain/strip';
import type { FilterBar } from './filter/filterBar';
import { groupAction } from './group/groupActions';
import { zoomedPart } from './keyFocus';
import type { KeyAction } from './keys';
import type { RolloutList } from './list/rolloutList';
import { liveAction } from './live/liveActions';
import type { LiveStore } from './live/liveStore';
import type { RegionDrawing } from './live/regionDrawing';
import type { ClickRerun } from './masks/clickRerun';
import { maskAction } from './masks/maskActions';
import type { MaskEdits } from './masks/maskEdits';
import type { BoxEdits } from './notes/boxEdits';
import { noteAction } from './notes/noteActions';
import type { NoteEdits } from './notes/noteEdits';
import type { OverviewPane } from './overview/overviewPane';
import type { MarkStore } from './picture/markStore';
import type { Mark } from './picture/marks';
import { markWords } from './picture/pictureWords';
import { toggleAllSiblings, toggleSibling } from './picture/toolbar';
import { reviewAction } from './review/reviewActions';
import type { ReviewBar } from './review/reviewBar';
import { shareAction } from './share/shareActions';
import type { SidePane } from './side/sidePane';
import type { Session } from './store/session';

/** The parts of the editor that actions reach. */
export interface EditorParts {
  readonly session: Session;
  readonly edits: NoteEdits;
  readonly boxes: BoxEdits;
  readonly masks: MaskEdits;
  readonly rerun: ClickRerun;
  readonly live: LiveStore;
  readonly drawing: RegionDrawing;
  readonly store: MarkStore;
  readonly looks: LookStore;
  readonly list: RolloutList;
  readonly filter: FilterBar;
  readonly canvas: ImageCanvas;
  readonly strip: LookStrip;
  readonly bottom: BottomPane;
  readonly side: SidePane;
  readonly help: HelpSheet;
  readonly overview: OverviewPane;
  readonly review: ReviewBar;
  /** Opens or closes the overview. */
  readonly setOverview: (shown: boolean) => void;
}

const zoomStep = 1.25;
/** CSS pixels a key moves the picture. */
const panStep = 64;

/** Runs an action of a key, a button or a command; false when there was nothing to do and the key is not ours. */
export function perform(parts: EditorParts, action: KeyAction, key = ''): boolean {
  if (parts.help.open && action !== 'toggleHelp' && action !== 'clearSelection') return false;
  return (
    liveAction(parts, action) ||
    maskAction(parts, action) ||
    rolloutAction(parts, action) ||
    filterAction(parts.filter, action) ||
    reviewAction(parts.review, action) ||
    chainAction(parts, action) ||
    noteAction(parts, action, key) ||
    groupAction(parts, action) ||
    pictureAction(parts, action, key) ||
    shareAction({ ...parts, visible: zoomedPart(parts.session, parts.canvas) }, action) ||
    panelAction(parts, action)
  );
}

function rolloutAction({ list }: EditorParts, action: KeyAction): boolean {
  switch (action) {
    case 'nextRollout':
    case 'previousRollout':
      list.step(action === 'nextRollout' ? 1 : -1);
      return true;
    case 'nextGroup':
    case 'previousGroup':
      list.stepGroup(action === 'nextGroup' ? 1 : -1);
      return true;
    case 'firstRollout':
    case 'lastRollout':
      list.edge(action === 'firstRollout' ? 'first' : 'last');
      return true;
    case 'nextPage':
    case 'previousPage':
      list.page(action === 'nextPage' ? 1 : -1);
      return true;
    case 'foldLeft':
    case 'foldRight':
      list.fold(action === 'foldLeft' ? -1 : 1);
      return true;
    default:
      return false;
  }
}

function filterAction(filter: FilterBar, action: KeyAction): boolean {
  const { store } = filter;
  const acts: Partial<Record<KeyAction, () => void>> = {
    filterSearch: () => filter.focusSearch(),
    filterAdd: () => filter.openAdd(),
    filterSql: () => filter.toggleSql(),
    filterMalformed: () => store.toggleQuick('malformed'),
    filterRepaired: () => store.toggleQuick('repaired'),
    filterTruncated: () => store.toggleQuick('truncated'),
    filterZeroVariance: () => store.toggleQuick('zero_variance'),
    filterDiffers: () => store.toggleQuick('reward_differs'),
    filterClear: () => store.clear(),
    filterRefresh: () => store.refresh(),
    filterSave: () => void filter.save(),
    filterSaved: () => void filter.pick(),
    sort: () => filter.openSort(),
  };
  const act = acts[action];
  act?.();
  return act !== undefined;
}

function pictureAction(parts: EditorParts, action: KeyAction, key: string): boolean {
  const { session, canvas } = parts;
  switch (action) {
    case 'toggleSibling':
      toggleSibling(session, Number(key) - 1);
      return true;
    case 'toggleAllSiblings':
      toggleAllSiblings(session);
      return true;
    case 'toggleTruth':
      session.truth.set(!session.truth.value);
      session.speak(session.truth.value ? 'Ground truth shown.' : 'Ground truth hidden.');
      return true;
    case 'fit':
      canvas.fit();
      return true;
    case 'actualSize':
      canvas.actualSize();
      return true;
    case 'zoomIn':
    case 'zoomOut':
      canvas.zoomBy(action === 'zoomIn' ? zoomStep : 1 / zoomStep);
      return true;
    default:
      return pan(canvas, action) || regionAction(parts, action);
  }
}

function chainAction(parts: EditorParts, action: KeyAction): boolean {
  const { session, looks } = parts;
  switch (action) {
    case 'toggleChain':
      toggleChain(parts);
      return true;
    case 'toggleMeant':
      session.meant.set(!session.meant.value);
      session.say(meantWords(parts));
      return true;
    case 'nextChainStep':
    case 'previousChainStep':
      if (looks.looks.value.list.length < 2) session.say('This rollout saw nothing but its image.');
      else if (looks.looks.value.kind === 'zoom' && !session.chain.value) session.chain.set(true);
      else looks.step(action === 'nextChainStep' ? 1 : -1);
      return true;
    default:
      return false;
  }
}

function meantWords({ session, store }: EditorParts): string {
  if (!session.meant.value) return 'Only boxes as cut are drawn.';
  const differ = store.own.some(({ executed }) => executed);
  return differ ? 'Boxes as meant are drawn dotted.' : 'No box of this rollout was cut other than it was meant.';
}

/** Opening gives the strip the keys, closing gives them back to the list. */
function toggleChain({ session, looks, strip, list }: EditorParts): void {
  const had = strip.focused;
  const open = !session.chain.value;
  session.chain.set(open);
  if (open && looks.looks.value.list.length < 2) session.say('This rollout saw nothing but its image.');
  else if (open) strip.focus();
  else if (had) list.focus();
}

function pan(canvas: ImageCanvas, action: KeyAction): boolean {
  const [dx, dy] = {
    panLeft: [panStep, 0],
    panRight: [-panStep, 0],
    panUp: [0, panStep],
    panDown: [0, -panStep],
  }[action as string] ?? [0, 0];
  if (dx === 0 && dy === 0) return false;
  canvas.panBy(dx ?? 0, dy ?? 0);
  return true;
}

function regionAction({ session, store, canvas, list, boxes }: EditorParts, action: KeyAction): boolean {
  switch (action) {
    case 'nextRegion':
    case 'previousRegion':
      cycleRegion(session, boxes.on.value ? boxes.all : store.own, action === 'nextRegion' ? 1 : -1);
      return true;
    case 'zoomToRegion': {
      if (canvas.boxes.commit()) return true;
      if (document.activeElement === list.element && list.activate()) return true;
      const mark = store.find(session.region.value) ?? store.own[0] ?? null;
      if (mark === null || mark.box === null) return false;
      session.region.set(mark.id);
      canvas.zoomToBox(mark.box);
      return true;
    }
    default:
      return false;
  }
}

function cycleRegion(session: Session, own: readonly Mark[], direction: 1 | -1): void {
  if (own.length === 0) {
    session.say('This rollout names no regions.');
    return;
  }
  const at = own.findIndex((mark) => mark.id === session.region.value);
  const next = own[at < 0 ? (direction > 0 ? 0 : own.length - 1) : (at + direction + own.length) % own.length];
  if (next === undefined) return;
  session.region.set(next.id);
  session.speak(markWords(next));
}

function panelAction(
  { session, bottom, side, help, filter, overview, setOverview, canvas, boxes, rerun }: EditorParts,
  action: KeyAction,
): boolean {
  switch (action) {
    case 'toggleRaw':
      bottom.toggle('raw');
      return true;
    case 'colourTokens':
      if (!bottom.cycleHeat()) session.say('This rollout has no numbers for its tokens.');
      return true;
    case 'showProblems':
      bottom.toggle('problems');
      return true;
    case 'toggleOverview':
      setOverview(!overview.shown);
      return true;
    case 'thenAndNow':
      setOverview(false);
      bottom.toggle('then');
      return true;
    case 'showFrames':
      side.showFrames();
      return true;
    case 'chooseTool':
      side.chooseTool();
      return true;
    case 'showScore':
      side.scores.show();
      return true;
    case 'scoreAll':
      side.scores.show();
      void side.scores.store.scoreAll();
      return true;
    case 'saveProfile':
      void side.saveProfile();
      return true;
    case 'pythonReward':
      side.scores.show();
      void side.scores.store.scorePython();
      return true;
    case 'toggleHelp':
      help.toggle();
      return true;
    case 'clearSelection':
      if (help.open) help.close();
      else if (filter.store.cancel() || side.scores.store.cancel() || rerun.cancel() || canvas.boxes.cancel())
        return true;
      else if (boxes.on.value) {
        boxes.toggle();
        return true;
      } else if (session.region.value === null) return false;
      session.region.set(null);
      return true;
    default:
      return false;
  }
}
