import { onAny, oncePerFrame } from '../../rollouts/store/signal';
import { div, el, fill, setAria, setText, span } from '../../ui/dom';
import { type IconName, icon } from '../../ui/icon';
import { iconButton, setPressed } from '../../ui/iconButton';
import { rangeBox } from '../../ui/rangeBox';
import type { KeyAction } from '../keys';
import type { DetailAction, MarkAction } from './detailKeys';
import { type DetailState, mostFill, type Tool } from './detailState';

interface ToolButton {
  readonly tool: Tool;
  readonly action: DetailAction;
  readonly icon: IconName;
  readonly label: string;
  readonly keys: string;
}

const toolButtons: readonly ToolButton[] = [
  { tool: 'select', action: 'selectTool', icon: 'inspect', label: 'Select', keys: 'V' },
  { tool: 'box', action: 'boxTool', icon: 'primitive-square', label: 'Box', keys: 'R' },
  {
    tool: 'turnedBox',
    action: 'turnedBoxTool',
    icon: 'debug-breakpoint-log-unverified',
    label: 'Turned box',
    keys: 'Shift+R',
  },
  { tool: 'quad', action: 'quadTool', icon: 'ruby', label: 'Four corners', keys: '4' },
  { tool: 'polygon', action: 'polygonTool', icon: 'triangle-up', label: 'Polygon', keys: 'G' },
  { tool: 'line', action: 'lineTool', icon: 'git-commit', label: 'Line', keys: 'L' },
  { tool: 'point', action: 'pointTool', icon: 'circle-filled', label: 'Point', keys: '.' },
  { tool: 'keypoints', action: 'keypointsTool', icon: 'person', label: 'Keypoints', keys: 'Shift+K' },
  { tool: 'segment', action: 'segmentTool', icon: 'wand', label: 'Segment', keys: 'S' },
];

interface Verdict {
  readonly verdict: 'accept' | 'reject' | 'needs-work';
  readonly action: MarkAction;
  readonly icon: IconName;
  readonly label: string;
  readonly keys: string;
}

const verdictButtons: readonly Verdict[] = [
  { verdict: 'accept', action: 'acceptImage', icon: 'thumbsup', label: 'Accept', keys: '1' },
  { verdict: 'reject', action: 'rejectImage', icon: 'thumbsdown', label: 'Reject', keys: '2' },
  { verdict: 'needs-work', action: 'needsWork', icon: 'tools', label: 'Needs work', keys: '3' },
];

/** Tools, the label of the next shape, what is done with the selection, and the image's marks. */
export class DetailToolbar {
  readonly element = el('div', { class: 'detail-toolbar', role: 'toolbar', aria: { label: 'Annotations' } });
  readonly labelButton: HTMLButtonElement;
  private readonly labelText = span('label-text');
  private readonly tools: readonly (readonly [Tool, HTMLButtonElement])[];
  private readonly verdicts: readonly (readonly [string, HTMLButtonElement])[];
  private readonly onSelection: readonly HTMLButtonElement[];
  private readonly colours: HTMLButtonElement;
  private readonly opacity: HTMLInputElement;
  readonly marks = span('image-marks');
  private readonly split = span('image-marks');

  constructor(
    private readonly state: DetailState,
    run: (action: KeyAction) => void,
  ) {
    const make = (action: KeyAction, name: IconName, label: string, keys: string, pressed?: boolean) =>
      iconButton({
        icon: name,
        label,
        keys,
        ...(pressed === undefined ? {} : { pressed }),
        onClick: () => run(action),
      });
    this.tools = toolButtons.map(({ tool, action, icon: name, label, keys }) => [
      tool,
      make(action, name, label, keys, false),
    ]);
    this.labelButton = el('button', { class: 'text-button', title: 'Label (C)' }, icon('tag'), this.labelText);
    this.labelButton.type = 'button';
    this.labelButton.addEventListener('click', () => run('relabel'));
    this.onSelection = [
      make('duplicateAnnotation', 'copy', 'Duplicate', 'D'),
      make('mergeMasks', 'combine', 'Merge masks', 'M'),
      make('splitMask', 'split-horizontal', 'Split into pieces', 'U'),
      make('ringTool', 'diff-added', 'Draw another ring', 'Shift+G'),
      make('holeTool', 'diff-removed', 'Cut a hole', 'Shift+H'),
      make('convertShape', 'arrow-swap', 'Mask to polygons, or back', 'Shift+M'),
      make('deleteAnnotation', 'trash', 'Delete', 'Delete'),
    ];
    this.colours = make('toggleColours', 'symbol-color', 'A colour for each annotation', 'Shift+P', false);
    this.opacity = rangeBox({ label: 'Opacity (< >)', most: mostFill, onInput: (value) => state.fill.set(value) });
    this.verdicts = verdictButtons.map(({ verdict, action, icon: name, label, keys }) => [
      verdict,
      make(action, name, label, keys, false),
    ]);
    const tagButton = make('tagImage', 'bookmark', 'Tag, or take a tag away', 'T');
    fill(
      this.element,
      div('toolbar-group', ...this.tools.map(([, node]) => node)),
      div('toolbar-group', this.labelButton, ...this.onSelection),
      div('toolbar-space'),
      this.split,
      this.marks,
      div('toolbar-group', tagButton, ...this.verdicts.map(([, node]) => node)),
      div(
        'toolbar-group',
        this.opacity,
        this.colours,
        make('zoomOut', 'zoom-out', 'Zoom out', '-'),
        make('fit', 'screen-full', 'Fit the image', 'F'),
        make('zoomIn', 'zoom-in', 'Zoom in', '+'),
      ),
    );
    onAny(
      oncePerFrame(() => this.paint()),
      [state.selected, state.image, state.tool, state.fill, state.byInstance],
    );
    this.paint();
  }

  paint(): void {
    const { tool, image, chosen } = this.state;
    for (const [name, node] of this.tools) setPressed(node, name === tool.value);
    setPressed(this.colours, this.state.byInstance.value);
    this.opacity.value = String(this.state.fill.value);
    const [first] = chosen;
    const same = first !== undefined && chosen.every(({ label }) => label === first.label);
    setText(this.labelText, (first === undefined ? this.state.label : same ? first.label : 'several') ?? 'No label');
    setAria(this.labelButton, 'label', `Label: ${this.labelText.textContent}`);
    for (const node of this.onSelection) node.disabled = chosen.length === 0;
    for (const [verdict, node] of this.verdicts) setPressed(node, image.value?.verdict === verdict);
    const tags = image.value?.tags ?? [];
    fill(this.marks, ...tags.map((tag) => span('tag-chip', tag)));
    const reviewed = image.value?.reviewed ? 'reviewed' : null;
    setText(this.split, [image.value?.split ?? null, reviewed].filter((part) => part !== null).join(' · '));
  }
}
