import type { HelpRow } from '../../ui/keyNames';

/** Actions on one image that a key reaches. */
export type DetailAction =
  | 'selectTool'
  | 'boxTool'
  | 'turnedBoxTool'
  | 'quadTool'
  | 'keypointsTool'
  | 'ringTool'
  | 'holeTool'
  | 'polygonTool'
  | 'pointTool'
  | 'lineTool'
  | 'segmentTool'
  | 'finishShape'
  | 'nextAnnotation'
  | 'previousAnnotation'
  | 'selectEvery'
  | 'relabel'
  | 'deleteAnnotation'
  | 'duplicateAnnotation'
  | 'mergeMasks'
  | 'splitMask'
  | 'convertShape'
  | 'addCorner'
  | 'nextCorner'
  | 'previousCorner'
  | 'turnLeft'
  | 'turnRight'
  | 'turnFarLeft'
  | 'turnFarRight'
  | 'keypointVisibility'
  | 'skipKeypoint'
  | 'acceptProposals'
  | 'dismissProposals'
  | 'openSampled'
  | 'toggleCrowd'
  | 'toggleIgnore'
  | 'hideAnnotation'
  | 'soloAnnotation'
  | 'toggleAnnotations'
  | 'toggleLabels'
  | 'lessFill'
  | 'moreFill'
  | 'toggleColours'
  | 'focusRollouts'
  | 'toggleRollouts'
  | 'nudge'
  | 'segmentUndo'
  | 'segmentRedo'
  | 'fit'
  | 'actualSize'
  | 'zoomIn'
  | 'zoomOut'
  | 'zoomToAnnotation'
  | 'nextFrame'
  | 'previousFrame'
  | 'nextKeyframe'
  | 'previousKeyframe'
  | 'firstFrame'
  | 'lastFrame';

/** Actions on the images that are selected, or on the one on show. */
export type MarkAction =
  | 'acceptImage'
  | 'rejectImage'
  | 'needsWork'
  | 'clearVerdict'
  | 'toggleReviewed'
  | 'tagImage'
  | 'setSplit';

interface Row<A, T extends string> extends HelpRow {
  readonly action: A;
  readonly topic: T;
}

const arrows = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const;

/** Keys at one image. */
export const detailKeys: readonly Row<DetailAction, 'Draw' | 'Annotations' | 'Picture' | 'Video'>[] = [
  { action: 'selectTool', keys: ['v'], label: 'Select, move and reshape', topic: 'Draw' },
  { action: 'boxTool', keys: ['r'], label: 'Draw a box', topic: 'Draw' },
  { action: 'turnedBoxTool', keys: ['R'], label: 'Draw a turned box', topic: 'Draw' },
  { action: 'quadTool', keys: ['4'], label: 'Draw four corners', topic: 'Draw' },
  { action: 'polygonTool', keys: ['g'], label: 'Draw a polygon', topic: 'Draw' },
  { action: 'pointTool', keys: ['.'], label: 'Draw a point', topic: 'Draw' },
  { action: 'lineTool', keys: ['l'], label: 'Draw a line', topic: 'Draw' },
  { action: 'keypointsTool', keys: ['K'], label: 'Place keypoints', topic: 'Draw' },
  { action: 'skipKeypoint', keys: ['X'], label: 'Skip a keypoint, while placing them', topic: 'Draw' },
  { action: 'ringTool', keys: ['G'], label: 'Draw another ring of the shape', topic: 'Draw' },
  { action: 'holeTool', keys: ['H'], label: 'Cut a hole into the shape', topic: 'Draw' },
  { action: 'segmentTool', keys: ['s'], label: 'Segment: clicks to masks', topic: 'Draw' },
  { action: 'finishShape', keys: ['Enter'], label: 'Finish the shape, accept the mask', topic: 'Draw' },
  { action: 'segmentUndo', keys: ['Ctrl+z'], label: 'Take a click back, while segmenting', topic: 'Draw' },
  { action: 'segmentRedo', keys: ['Ctrl+y'], label: 'The click again, while segmenting', topic: 'Draw' },
  { action: 'nextAnnotation', keys: [']'], label: 'Next annotation, or candidate', topic: 'Annotations' },
  { action: 'previousAnnotation', keys: ['['], label: 'Previous annotation, or candidate', topic: 'Annotations' },
  { action: 'selectEvery', keys: ['Ctrl+a'], label: 'Select all annotations', topic: 'Annotations' },
  { action: 'relabel', keys: ['c'], label: 'Label', topic: 'Annotations' },
  { action: 'deleteAnnotation', keys: ['Delete', 'Backspace'], label: 'Delete', topic: 'Annotations' },
  { action: 'duplicateAnnotation', keys: ['d'], label: 'Duplicate', topic: 'Annotations' },
  { action: 'mergeMasks', keys: ['m'], label: 'Merge masks', topic: 'Annotations' },
  { action: 'splitMask', keys: ['u'], label: 'Split into pieces', topic: 'Annotations' },
  { action: 'convertShape', keys: ['M'], label: 'Mask to polygons, or back', topic: 'Annotations' },
  { action: 'addCorner', keys: ['a'], label: 'Add a corner behind the active one', topic: 'Annotations' },
  { action: 'nextCorner', keys: ['}'], label: 'Next corner or keypoint', topic: 'Annotations' },
  { action: 'previousCorner', keys: ['{'], label: 'Previous corner or keypoint', topic: 'Annotations' },
  { action: 'turnLeft', keys: ['q'], label: 'Turn left by 1°', topic: 'Annotations' },
  { action: 'turnRight', keys: ['w'], label: 'Turn right by 1°', topic: 'Annotations' },
  { action: 'turnFarLeft', keys: ['Q'], label: 'Turn left by 15°', topic: 'Annotations' },
  { action: 'turnFarRight', keys: ['W'], label: 'Turn right by 15°', topic: 'Annotations' },
  {
    action: 'keypointVisibility',
    keys: ['x'],
    label: 'Keypoint visible, hidden or not labelled',
    topic: 'Annotations',
  },
  {
    action: 'acceptProposals',
    keys: ['A'],
    label: 'Accept all proposals; Enter: the selected one',
    topic: 'Annotations',
  },
  { action: 'dismissProposals', keys: ['N'], label: 'Dismiss the proposals', topic: 'Annotations' },
  { action: 'openSampled', keys: ['O'], label: 'Rollouts of the proposals', topic: 'Annotations' },
  { action: 'toggleCrowd', keys: ['C'], label: 'Crowd', topic: 'Annotations' },
  { action: 'toggleIgnore', keys: ['I'], label: 'Ignore', topic: 'Annotations' },
  { action: 'nudge', keys: [...arrows], label: 'Move by a pixel', topic: 'Annotations' },
  { action: 'nudge', keys: arrows.map((key) => `Shift+${key}`), label: 'Move by ten pixels', topic: 'Annotations' },
  { action: 'nudge', keys: arrows.map((key) => `Ctrl+${key}`), label: 'Resize', topic: 'Annotations' },
  { action: 'hideAnnotation', keys: ['h'], label: 'Hide or show', topic: 'Annotations' },
  { action: 'soloAnnotation', keys: ['o'], label: 'Only what is selected', topic: 'Annotations' },
  { action: 'toggleAnnotations', keys: ['b'], label: 'All annotations', topic: 'Picture' },
  { action: 'toggleLabels', keys: ['L'], label: 'Labels on the picture', topic: 'Picture' },
  { action: 'lessFill', keys: ['<'], label: 'Less opaque', topic: 'Picture' },
  { action: 'moreFill', keys: ['>'], label: 'More opaque', topic: 'Picture' },
  { action: 'toggleColours', keys: ['P'], label: 'Colours by label or by annotation', topic: 'Picture' },
  { action: 'focusRollouts', keys: [','], label: 'To the rollouts on the image', topic: 'Picture' },
  { action: 'toggleRollouts', keys: ['D'], label: 'Draw rollouts, or not', topic: 'Picture' },
  { action: 'fit', keys: ['f'], label: 'Fit the image', topic: 'Picture' },
  { action: 'actualSize', keys: ['z'], label: 'One screen pixel per image pixel', topic: 'Picture' },
  { action: 'zoomIn', keys: ['+', '='], label: 'Zoom in', topic: 'Picture' },
  { action: 'zoomOut', keys: ['-', '_'], label: 'Zoom out', topic: 'Picture' },
  { action: 'zoomToAnnotation', keys: ['Z'], label: 'Zoom to the annotation', topic: 'Picture' },
  { action: 'nextFrame', keys: ['PageDown'], label: 'Next frame', topic: 'Video' },
  { action: 'previousFrame', keys: ['PageUp'], label: 'Previous frame', topic: 'Video' },
  { action: 'nextKeyframe', keys: ['Shift+PageDown'], label: 'Next keyframe', topic: 'Video' },
  { action: 'previousKeyframe', keys: ['Shift+PageUp'], label: 'Previous keyframe', topic: 'Video' },
  { action: 'firstFrame', keys: ['Home'], label: 'First frame', topic: 'Video' },
  { action: 'lastFrame', keys: ['End'], label: 'Last frame', topic: 'Video' },
];

/** Keys that mark images, one or many. */
export const markKeys: readonly Row<MarkAction, 'Curate'>[] = [
  { action: 'acceptImage', keys: ['1'], label: 'Accept', topic: 'Curate' },
  { action: 'rejectImage', keys: ['2'], label: 'Reject', topic: 'Curate' },
  { action: 'needsWork', keys: ['3'], label: 'Needs work', topic: 'Curate' },
  { action: 'clearVerdict', keys: ['0'], label: 'No verdict', topic: 'Curate' },
  { action: 'toggleReviewed', keys: ['y'], label: 'Reviewed', topic: 'Curate' },
  { action: 'tagImage', keys: ['t'], label: 'Tag, or take a tag away', topic: 'Curate' },
  { action: 'setSplit', keys: ['i'], label: 'Move into a split', topic: 'Curate' },
];
