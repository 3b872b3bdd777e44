import type { RolloutsAction } from '../../src/protocol/rollouts';
import { type HelpRow, helpRows, pressedName } from '../ui/keyNames';
import { boxArrows, pans } from './arrowKeys';

/** Actions of the rollouts editor that a key reaches; those the host knows too are commands. */
export type KeyAction =
  | RolloutsAction
  | 'toggleSibling'
  | 'nextPage'
  | 'previousPage'
  | 'foldLeft'
  | 'foldRight'
  | 'panLeft'
  | 'panRight'
  | 'panUp'
  | 'panDown'
  | 'cancelMask'
  | 'nextMask'
  | 'previousMask'
  | 'finishDrawing'
  | 'undoDrawing'
  | 'cancelDrawing'
  | 'moveBox'
  | 'resizeBox';

/**
 * Where a key counts. `all`: anywhere but in an input. `list`: with the focus in the list, or nowhere in particular.
 * `canvas`: with the focus on the picture. `zoomed`: on the picture while it is larger than its pane. `chain`: in the strip
 * of what the policy saw, or on the picture above it. `turns`: among the turns of the rollout. `boxes`: on the
 * picture with a box that can be edited. `segment`: on the picture, or nowhere in particular, while masks are drawn.
 */
export type KeyPlace = 'all' | 'list' | 'canvas' | 'zoomed' | 'chain' | 'turns' | 'boxes' | 'segment' | 'draw';

export interface KeyRow {
  readonly action: KeyAction;
  /** `KeyboardEvent.key`, with `Shift+` before keys that have no shifted character of their own. */
  readonly keys: readonly string[];
  readonly place: KeyPlace;
  readonly label: string;
  readonly topic:
    | 'Rollouts'
    | 'Picture'
    | 'Regions'
    | 'Replay'
    | 'Annotation'
    | 'Masks'
    | 'Policies'
    | 'Review'
    | 'Panels';
}

/** The one table of keys of the rollouts editor (mode `rollouts`): the handler, the help sheet and the docs read it. */
export const rolloutsKeys: readonly KeyRow[] = [
  // Before all others: while a person draws regions, the picture's keys are the drawing's.
  { action: 'finishDrawing', keys: ['Enter'], place: 'draw', label: 'Send the drawn regions', topic: 'Policies' },
  {
    action: 'undoDrawing',
    keys: ['Backspace', 'Delete'],
    place: 'draw',
    label: 'Take the last drawn region back',
    topic: 'Policies',
  },
  { action: 'cancelDrawing', keys: ['Escape'], place: 'draw', label: 'Give the drawing up', topic: 'Policies' },
  { action: 'propose', keys: ['B'], place: 'all', label: 'Propose regions: choose whom to ask', topic: 'Policies' },
  {
    action: 'sampleGroup',
    keys: ['Z'],
    place: 'all',
    label: 'Sample a group of the policy asked last',
    topic: 'Policies',
  },
  // Then: while masks are drawn, the picture's keys are the tool's.
  { action: 'acceptMask', keys: ['Enter'], place: 'segment', label: 'Accept the mask (Space too)', topic: 'Masks' },
  {
    action: 'cancelMask',
    keys: ['Escape'],
    place: 'segment',
    label: 'Give the mask up, end segmenting',
    topic: 'Masks',
  },
  {
    action: 'undoClick',
    keys: ['Backspace', 'Delete'],
    place: 'segment',
    label: 'Take the last click back (undo too)',
    topic: 'Masks',
  },
  {
    action: 'nextCandidate',
    keys: [']'],
    place: 'segment',
    label: 'Next candidate, or a larger brush',
    topic: 'Masks',
  },
  {
    action: 'previousCandidate',
    keys: ['['],
    place: 'segment',
    label: 'Previous candidate, or a smaller brush',
    topic: 'Masks',
  },
  { action: 'segmentHover', keys: ['h'], place: 'segment', label: 'Preview under the pointer', topic: 'Masks' },
  { action: 'segmentClicks', keys: ['c'], place: 'segment', label: 'Clicks and boxes', topic: 'Masks' },
  { action: 'segmentBrush', keys: ['b'], place: 'segment', label: 'Brush', topic: 'Masks' },
  { action: 'segmentEraser', keys: ['e'], place: 'segment', label: 'Eraser', topic: 'Masks' },
  { action: 'segmentPolygon', keys: ['v'], place: 'segment', label: 'Show as a polygon', topic: 'Masks' },
  { action: 'segment', keys: ['O'], place: 'all', label: 'Segment: clicks to masks', topic: 'Masks' },
  { action: 'toggleMasks', keys: ['V'], place: 'all', label: 'Show or hide masks', topic: 'Masks' },
  { action: 'nextMask', keys: ['}'], place: 'all', label: 'Next mask', topic: 'Masks' },
  { action: 'previousMask', keys: ['{'], place: 'all', label: 'Previous mask', topic: 'Masks' },
  { action: 'rerunClicks', keys: ['*'], place: 'all', label: 'Re-run the clicks with the local model', topic: 'Masks' },
  { action: 'branchClicks', keys: ['&'], place: 'all', label: 'Go on by hand from this click', topic: 'Masks' },
  // Before the picture's − and 0 and +: among the turns they label the one that was gone to.
  { action: 'labelWrong', keys: ['-'], place: 'turns', label: 'Label the turn −1 wrong', topic: 'Annotation' },
  { action: 'labelNeutral', keys: ['0'], place: 'turns', label: 'Label the turn 0 neutral', topic: 'Annotation' },
  { action: 'labelRight', keys: ['+', '='], place: 'turns', label: 'Label the turn +1 right', topic: 'Annotation' },
  {
    action: 'labelNone',
    keys: ['Backspace', 'Delete'],
    place: 'turns',
    label: 'Unset the label of the turn',
    topic: 'Annotation',
  },
  { action: 'firstError', keys: ['!'], place: 'turns', label: 'First error in this turn', topic: 'Annotation' },
  { action: 'nextTurn', keys: ['l'], place: 'all', label: 'Next turn to label', topic: 'Annotation' },
  { action: 'previousTurn', keys: ['L'], place: 'all', label: 'Previous turn to label', topic: 'Annotation' },
  { action: 'nextTurn', keys: ['ArrowRight'], place: 'turns', label: 'Next turn to label', topic: 'Annotation' },
  { action: 'previousTurn', keys: ['ArrowLeft'], place: 'turns', label: 'Previous turn to label', topic: 'Annotation' },
  { action: 'editStepRationale', keys: [';'], place: 'all', label: 'Rationale of the turn', topic: 'Annotation' },
  { action: 'editStepRationale', keys: ['Enter'], place: 'turns', label: 'Rationale of the turn', topic: 'Annotation' },
  { action: 'setReward', keys: ['d'], place: 'all', label: 'Set the reward', topic: 'Annotation' },
  { action: 'editTags', keys: ['T'], place: 'all', label: 'Tags', topic: 'Annotation' },
  { action: 'editRationale', keys: ['R'], place: 'all', label: 'Rationale', topic: 'Annotation' },
  { action: 'editGroupTags', keys: ['#'], place: 'all', label: 'Tags of the group', topic: 'Annotation' },
  {
    action: 'prefer',
    keys: ['v'],
    place: 'all',
    label: 'Prefer to the rollouts drawn, or to all others',
    topic: 'Annotation',
  },
  { action: 'rankHigher', keys: ['<'], place: 'all', label: 'Rank higher', topic: 'Annotation' },
  { action: 'rankLower', keys: ['>'], place: 'all', label: 'Rank lower', topic: 'Annotation' },
  { action: 'rankHigher', keys: ['Alt+ArrowUp'], place: 'list', label: 'Rank higher', topic: 'Annotation' },
  { action: 'rankLower', keys: ['Alt+ArrowDown'], place: 'list', label: 'Rank lower', topic: 'Annotation' },
  { action: 'toggleReviewed', keys: ['y'], place: 'all', label: 'Reviewed', topic: 'Annotation' },
  // With Ctrl they are VS Code's own keybindings, which users change there.
  {
    action: 'reviewAndNext',
    keys: ['Y', 'Ctrl+Enter'],
    place: 'all',
    label: 'Reviewed, and go on',
    topic: 'Review',
  },
  { action: 'reviewGroup', keys: ['W'], place: 'all', label: 'Group reviewed, and go on', topic: 'Review' },
  { action: 'nextUnreviewed', keys: ['u', 'Ctrl+Shift+D'], place: 'all', label: 'Next unreviewed', topic: 'Review' },
  { action: 'previousUnreviewed', keys: ['U'], place: 'all', label: 'Previous unreviewed', topic: 'Review' },
  { action: 'reviewMenu', keys: ['N'], place: 'all', label: 'What to review', topic: 'Review' },
  { action: 'toggleExcluded', keys: ['X'], place: 'all', label: 'Exclude the rollout', topic: 'Annotation' },
  { action: 'toggleGroupExcluded', keys: ['Q'], place: 'all', label: 'Exclude the group', topic: 'Annotation' },
  { action: 'editBoxes', keys: ['E'], place: 'all', label: 'Edit boxes', topic: 'Annotation' },
  {
    action: 'revertBox',
    keys: ['Backspace', 'Delete'],
    place: 'canvas',
    label: 'Logged box again',
    topic: 'Annotation',
  },
  ...boxArrows('moveBox', '', 'Move the box by a pixel'),
  ...boxArrows('moveBox', 'Shift+', 'Move the box by 10 pixels'),
  ...boxArrows('resizeBox', 'Alt+', 'Move its right or lower edge by a pixel'),
  ...boxArrows('resizeBox', 'Alt+Shift+', 'Move its right or lower edge by 10 pixels'),
  // Before the list's and the picture's arrows: while a replay is open, they step through it.
  { action: 'nextChainStep', keys: ['ArrowRight'], place: 'chain', label: 'Next step', topic: 'Replay' },
  { action: 'previousChainStep', keys: ['ArrowLeft'], place: 'chain', label: 'Step back', topic: 'Replay' },
  { action: 'nextChainStep', keys: ['.'], place: 'all', label: 'Next step', topic: 'Replay' },
  { action: 'previousChainStep', keys: [','], place: 'all', label: 'Step back', topic: 'Replay' },
  { action: 'toggleChain', keys: ['c'], place: 'all', label: 'What the policy saw', topic: 'Replay' },
  { action: 'toggleMeant', keys: ['m'], place: 'all', label: 'Boxes as meant beside those cut', topic: 'Replay' },
  { action: 'nextRollout', keys: ['j'], place: 'all', label: 'Next rollout', topic: 'Rollouts' },
  { action: 'previousRollout', keys: ['k'], place: 'all', label: 'Previous rollout', topic: 'Rollouts' },
  { action: 'nextRollout', keys: ['ArrowDown'], place: 'list', label: 'Next rollout', topic: 'Rollouts' },
  { action: 'previousRollout', keys: ['ArrowUp'], place: 'list', label: 'Previous rollout', topic: 'Rollouts' },
  { action: 'nextGroup', keys: ['J', 'n'], place: 'all', label: 'Next group', topic: 'Rollouts' },
  { action: 'previousGroup', keys: ['K', 'p'], place: 'all', label: 'Previous group', topic: 'Rollouts' },
  { action: 'firstRollout', keys: ['g'], place: 'all', label: 'First rollout', topic: 'Rollouts' },
  { action: 'lastRollout', keys: ['G'], place: 'all', label: 'Last rollout', topic: 'Rollouts' },
  { action: 'firstRollout', keys: ['Home'], place: 'list', label: 'First rollout', topic: 'Rollouts' },
  { action: 'lastRollout', keys: ['End'], place: 'list', label: 'Last rollout', topic: 'Rollouts' },
  { action: 'nextPage', keys: ['PageDown'], place: 'list', label: 'One page down', topic: 'Rollouts' },
  { action: 'previousPage', keys: ['PageUp'], place: 'list', label: 'One page up', topic: 'Rollouts' },
  { action: 'foldLeft', keys: ['ArrowLeft'], place: 'list', label: 'To the group, close it', topic: 'Rollouts' },
  { action: 'foldRight', keys: ['ArrowRight'], place: 'list', label: 'Open the group', topic: 'Rollouts' },
  {
    action: 'filterSearch',
    keys: ['/'],
    place: 'all',
    label: 'Search prompts and responses',
    topic: 'Rollouts',
  },
  { action: 'filterAdd', keys: ['F'], place: 'all', label: 'Add a filter', topic: 'Rollouts' },
  { action: 'filterSql', keys: ['w'], place: 'all', label: 'SQL condition', topic: 'Rollouts' },
  { action: 'sort', keys: ['s'], place: 'all', label: 'Sort', topic: 'Rollouts' },
  { action: 'filterClear', keys: ['x'], place: 'all', label: 'Clear filter and order', topic: 'Rollouts' },
  {
    action: 'toggleSibling',
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    place: 'all',
    label: 'Draw that rollout of the group too',
    topic: 'Picture',
  },
  { action: 'toggleAllSiblings', keys: ['a'], place: 'all', label: 'Draw all rollouts of the group', topic: 'Picture' },
  { action: 'toggleTruth', keys: ['t'], place: 'all', label: 'Ground truth', topic: 'Picture' },
  { action: 'saveHtml', keys: ['H'], place: 'all', label: 'Save the drawn rollouts as HTML', topic: 'Rollouts' },
  { action: 'copyLink', keys: ['C'], place: 'all', label: 'Copy a link to the rollout', topic: 'Rollouts' },
  { action: 'showSample', keys: ['@'], place: 'all', label: 'Show the sample in its dataset', topic: 'Rollouts' },
  { action: 'saveView', keys: ['S'], place: 'all', label: 'Save the view as SVG or PNG', topic: 'Picture' },
  { action: 'fit', keys: ['f'], place: 'all', label: 'Fit the image', topic: 'Picture' },
  { action: 'actualSize', keys: ['z', '0'], place: 'all', label: 'One screen pixel per image pixel', topic: 'Picture' },
  { action: 'zoomIn', keys: ['+', '='], place: 'all', label: 'Zoom in', topic: 'Picture' },
  { action: 'zoomOut', keys: ['-', '_'], place: 'all', label: 'Zoom out', topic: 'Picture' },
  ...pans('canvas', 'Shift+'),
  ...pans('zoomed', ''),
  { action: 'nextRegion', keys: [']'], place: 'all', label: 'Next region', topic: 'Regions' },
  { action: 'previousRegion', keys: ['['], place: 'all', label: 'Previous region', topic: 'Regions' },
  { action: 'zoomToRegion', keys: ['Enter'], place: 'list', label: 'Zoom to the region', topic: 'Regions' },
  { action: 'zoomToRegion', keys: ['Enter'], place: 'canvas', label: 'Zoom to the region', topic: 'Regions' },
  { action: 'clearSelection', keys: ['Escape'], place: 'all', label: 'Clear the selected region', topic: 'Regions' },
  { action: 'toggleRaw', keys: ['r'], place: 'all', label: 'Raw text', topic: 'Panels' },
  { action: 'colourTokens', keys: ['h'], place: 'all', label: 'Colour the tokens', topic: 'Panels' },
  { action: 'toggleOverview', keys: ['o'], place: 'all', label: 'Overview of the run', topic: 'Panels' },
  { action: 'showGroup', keys: ['M'], place: 'all', label: 'The group in a table', topic: 'Panels' },
  { action: 'showTiles', keys: ['P'], place: 'all', label: 'The group side by side', topic: 'Panels' },
  { action: 'showDiff', keys: ['D'], place: 'all', label: 'Compare the response', topic: 'Panels' },
  { action: 'diffMenu', keys: ['A'], place: 'all', label: 'Compare it with …', topic: 'Panels' },
  { action: 'thenAndNow', keys: ['b'], place: 'all', label: 'This prompt at other steps', topic: 'Panels' },
  { action: 'showFrames', keys: ['i'], place: 'all', label: 'Frames', topic: 'Panels' },
  { action: 'chooseTool', keys: ['I'], place: 'all', label: 'Rules of the tool', topic: 'Panels' },
  { action: 'showScore', keys: ['q'], place: 'all', label: 'Recomputed rewards', topic: 'Panels' },
  { action: 'showProblems', keys: ['e'], place: 'all', label: 'Problems', topic: 'Panels' },
  { action: 'toggleHelp', keys: ['?'], place: 'all', label: 'Keys', topic: 'Panels' },
];

/** Where the focus is, in the words of the table. */
export interface KeyFocus {
  readonly list: boolean;
  readonly canvas: boolean;
  readonly zoomed: boolean;
  readonly chain: boolean;
  readonly turns: boolean;
  readonly boxes: boolean;
  readonly segment: boolean;
  readonly draw: boolean;
}

/** What a pressed key means there; null when it is not ours. Keys with Ctrl or Meta never are, with Alt only arrows. */
export function findKey(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>,
  focus: KeyFocus,
): KeyRow | null {
  const name = pressedName(event);
  if (event.ctrlKey || event.metaKey || (event.altKey && name === event.key)) return null;
  const counts = (place: KeyPlace) =>
    place === 'all' ||
    (place === 'list' && (focus.list || (focus.canvas && !focus.zoomed))) ||
    (place === 'canvas' && focus.canvas) ||
    (place === 'zoomed' && focus.canvas && focus.zoomed) ||
    (place === 'chain' && focus.chain) ||
    (place === 'turns' && focus.turns) ||
    (place === 'boxes' && focus.boxes) ||
    (place === 'segment' && focus.segment) ||
    (place === 'draw' && focus.draw);
  return rolloutsKeys.find((row) => row.keys.includes(name) && counts(row.place)) ?? null;
}

/** The table for a reader. */
export const keyHelp = (): readonly HelpRow[] => {
  const last = ({ topic }: KeyRow) => (topic === 'Masks' ? 1 : 0);
  // A tool's own keys are met first and read last.
  return helpRows(rolloutsKeys.toSorted((a, b) => last(a) - last(b)));
};

/** Undo and redo belong to VS Code's document, but for clicks of a mask in hand: those are in no document yet. */
export function takesBack({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): KeyAction | null {
  if (!(ctrlKey || metaKey) || altKey || !['z', 'y'].includes(key.toLowerCase())) return null;
  return key.toLowerCase() === 'y' || shiftKey ? 'redoClick' : 'undoClick';
}
