import type { SegmentAction } from '../../segment/segmentBar';
import type { KeyAction } from '../keys';
import type { Tool } from './detailState';
import type { DetailView } from './detailView';
import { askLabel } from './labelBox';
import { PoseTool } from './poseTool';

const tools: Partial<Record<KeyAction, Tool>> = {
  selectTool: 'select',
  boxTool: 'box',
  turnedBoxTool: 'turnedBox',
  quadTool: 'quad',
  keypointsTool: 'keypoints',
  ringTool: 'ring',
  holeTool: 'hole',
  polygonTool: 'polygon',
  pointTool: 'point',
  lineTool: 'line',
  segmentTool: 'segment',
};

/** What keys mean while masks are made. */
const segmentKeys: Partial<Record<KeyAction, SegmentAction>> = {
  finishShape: 'acceptMask',
  closeImage: 'cancelMask',
  deleteAnnotation: 'undoClick',
  segmentUndo: 'undoClick',
  segmentRedo: 'redoClick',
  nextAnnotation: 'nextCandidate',
  previousAnnotation: 'previousCandidate',
  hideAnnotation: 'segmentHover',
};

const zoomStep = 1.4;
const tenfold = 10;
const smallTurn = 1;
const largeTurn = 15;

/** Runs an action of the detail view; false for one that is not its, and where the key means something else. */
export function performDetail(view: DetailView, action: KeyAction, key: string): boolean {
  const segment = segmentKeys[action];
  if (view.segment.on && segment !== undefined && view.segment.perform(segment)) return true;
  const tool = tools[action];
  if (tool !== undefined) {
    // The tool that is on goes off with its own key.
    view.setTool(tool === view.state.tool.value ? 'select' : tool);
    return true;
  }
  return (
    view.video.perform(action) ||
    stepAction(view, action) ||
    pointAction(view, action) ||
    editAction(view, action, key) ||
    showAction(view, action)
  );
}

/** Going back takes what is nearest: a shape in the making, the tool, the selection, then the view itself. */
function stepAction(view: DetailView, action: KeyAction): boolean {
  const { state, draw, annotations } = view;
  switch (action) {
    case 'closeImage': {
      const drawing = draw?.cancel() === true || annotations.cancel();
      if (drawing) return true;
      if (state.tool.value !== 'select') {
        view.setTool('select');
        return true;
      }
      if (state.selected.value.size === 0) return false;
      state.select(null);
      return true;
    }
    case 'finishShape':
      if (draw !== null) return draw.finish();
      annotations.commitKeys();
      return view.edits.accept('selected') || mendMask(view) || zoomToSelected(view);
    case 'nextAnnotation':
    case 'previousAnnotation':
      state.step(action === 'nextAnnotation' ? 1 : -1);
      return true;
    case 'selectEvery':
      state.selected.set(new Set(state.visible.map(({ id }) => id)));
      return true;
    default:
      return false;
  }
}

function editAction(view: DetailView, action: KeyAction, key: string): boolean {
  const { edits, draw, annotations, state } = view;
  switch (action) {
    case 'deleteAnnotation':
      if (draw !== null && draw.begun > 0) return draw.back();
      if (annotations.keypoint !== null && view.shapes.removeKeypoint(annotations.keypoint)) return true;
      if (annotations.corner !== null && edits.removeCorner(annotations.corner)) return true;
      return edits.remove();
    case 'duplicateAnnotation':
      return edits.duplicate();
    case 'mergeMasks':
      edits.merge();
      return true;
    case 'splitMask':
      edits.split();
      return true;
    case 'acceptProposals':
      if (!edits.accept('all')) view.session.say('Nothing is proposed: ask a policy with Shift+B.');
      return true;
    case 'dismissProposals':
      state.proposals.set([]);
      return true;
    case 'openSampled':
      view.session.host.call('policy/open', {}).catch((error: unknown) => view.session.report(error));
      return true;
    case 'convertShape':
      view.shapes.convert();
      return true;
    case 'toggleCrowd':
    case 'toggleIgnore':
      edits.toggleFlag(action === 'toggleCrowd' ? 'crowd' : 'ignore');
      return true;
    case 'nudge':
      return nudge(view, key);
    case 'relabel':
      askLabel(
        view.toolbar.labelButton,
        'Label',
        state.allLabels,
        state.single?.label ?? state.label ?? '',
        (label) => {
          edits.relabel(label);
          view.toolbar.paint();
          view.focus();
        },
      );
      return true;
    default:
      return false;
  }
}

/** What is done to corners and keypoints, and to a shape by degrees. */
function pointAction(view: DetailView, action: KeyAction): boolean {
  const { edits, draw, annotations } = view;
  switch (action) {
    case 'addCorner':
      annotations.corner = edits.addCorner(annotations.corner);
      return true;
    case 'nextCorner':
    case 'previousCorner':
      if (annotations.step(action === 'nextCorner' ? 1 : -1) && annotations.keypoint !== null)
        view.session.speak(view.shapes.keypointWords(annotations.keypoint));
      return true;
    case 'turnLeft':
      return turn(view, -smallTurn);
    case 'turnRight':
      return turn(view, smallTurn);
    case 'turnFarLeft':
      return turn(view, -largeTurn);
    case 'turnFarRight':
      return turn(view, largeTurn);
    case 'keypointVisibility':
      if (draw instanceof PoseTool) draw.toggleHidden();
      else if (annotations.keypoint !== null) {
        annotations.commitKeys();
        view.shapes.cycleVisibility(annotations.keypoint);
      }
      return true;
    case 'skipKeypoint':
      if (draw instanceof PoseTool) draw.skip();
      return true;
    default:
      return false;
  }
}

function turn(view: DetailView, degrees: number): boolean {
  if (view.state.single !== null && !view.annotations.turn(degrees))
    view.session.say('Pixels and circles cannot be turned: convert a mask to polygons first.');
  return true;
}

/** By the name of a key: arrows move by a pixel, with Shift by ten, with Ctrl the right and lower edge. */
function nudge(view: DetailView, key: string): boolean {
  const by = key.startsWith('Shift+') ? tenfold : 1;
  const steps: Readonly<Record<string, readonly [number, number]>> = {
    left: [-by, 0],
    right: [by, 0],
    up: [0, -by],
    down: [0, by],
  };
  const [dx, dy] = steps[key.replace(/^.*arrow/i, '').toLowerCase()] ?? [0, 0];
  return view.annotations.nudge(dx, dy, key.startsWith('Ctrl+') ? 'resize' : 'move');
}

/** Clicks go on from a selected mask. */
function mendMask(view: DetailView): boolean {
  const { single } = view.state;
  if (single?.shape.kind !== 'mask') return false;
  const { origin, label, shape } = single;
  const { model, score, box, clicks } = origin ?? { model: null, score: null, box: null, clicks: [] };
  view.setTool('segment');
  view.segment.edit({ label, mask: shape.mask, score, model, box, clicks }, single.id);
  return true;
}

function zoomToSelected(view: DetailView): boolean {
  const [first] = view.state.chosen;
  if (first === undefined) return false;
  view.zoomTo(first.id);
  return true;
}

function showAction(view: DetailView, action: KeyAction): boolean {
  const { state, canvas, session } = view;
  switch (action) {
    case 'hideAnnotation': {
      const ids = state.chosen.map(({ id }) => id);
      const next = new Set(state.hidden.value);
      const show = ids.length === 0 || ids.every((id) => next.has(id));
      if (ids.length === 0) next.clear();
      for (const id of ids) {
        if (show) next.delete(id);
        else next.add(id);
      }
      state.hidden.set(next);
      return true;
    }
    case 'soloAnnotation':
      state.solo.set(!state.solo.value);
      session.speak(state.solo.value ? 'Only what is selected is shown.' : 'All annotations are shown.');
      return true;
    case 'toggleAnnotations':
      state.drawn.set(!state.drawn.value);
      session.speak(state.drawn.value ? 'Annotations shown.' : 'Annotations hidden.');
      return true;
    case 'focusRollouts':
      view.rollouts.focus();
      return true;
    case 'toggleRollouts':
      view.rollouts.toggleDrawn();
      return true;
    case 'toggleLabels':
      state.labels.set(!state.labels.value);
      return true;
    case 'lessFill':
    case 'moreFill':
      state.changeFill(action === 'moreFill' ? 1 : -1);
      session.speak(`Opacity ${Math.round(state.fill.value * 100)} %.`);
      return true;
    case 'toggleColours':
      state.byInstance.set(!state.byInstance.value);
      session.speak(state.byInstance.value ? 'A colour for each annotation.' : 'A colour for each label.');
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
    case 'zoomToAnnotation':
      return zoomToSelected(view);
    default:
      return false;
  }
}
