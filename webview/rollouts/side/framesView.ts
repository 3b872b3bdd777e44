import type { FrameChoice, FrameField, FrameOrigin } from '../../../src/core/geometry/frame';
import { findFrame } from '../../../src/core/geometry/frameChoice';
import { describeFrame, frameExtent } from '../../../src/core/geometry/frameMap';
import { UserError } from '../../../src/core/text/userError';
import { div, el, fill, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { linkButton } from '../../ui/iconButton';
import type { Section } from '../../ui/section';
import { effectiveChoices } from '../store/frames';
import type { Session } from '../store/session';
import { frameEditor } from './frameEditor';
import { describeShort } from './frameForm';
import { rulesInForce, showToolMenu, toolRow } from './toolRow';

const fields: readonly { readonly field: FrameField; readonly title: string }[] = [
  { field: 'prediction', title: 'Predictions' },
  { field: 'groundTruth', title: 'Ground truth' },
  { field: 'tool', title: 'Tool arguments' },
];

const origins: Readonly<Record<FrameOrigin, string>> = {
  user: 'set by you',
  log: 'from the log',
  format: 'fixed by the format',
  config: 'from the run’s config',
  evidence: 'from the boxes',
  undecided: 'cannot tell',
};

/** Which pixels each kind of box counts in, who said so and why; changed in place. */
export class FramesView {
  private editing: FrameField | null = null;
  private drawn = '';

  constructor(
    private readonly session: Session,
    private readonly section: Section,
  ) {
    session.state.on(() => this.paint());
    session.info.on(() => this.paint(true));
    session.imageSize.on(() => this.paint());
  }

  /** The frame in force for what is selected. */
  choice(field: FrameField): FrameChoice {
    const { group, rollout, state } = this.session;
    return findFrame(effectiveChoices(state.value.frames, group?.frames ?? []), rollout?.dataSource ?? null, field);
  }

  edit(field: FrameField): void {
    this.editing = field;
    if (this.session.info.value === null) void this.session.loadInfo();
    this.section.setOpen(true);
    this.paint(true);
    this.section.element.scrollIntoView({ block: 'nearest' });
    this.focus();
  }

  focus(): void {
    const target =
      this.section.body.querySelector<HTMLElement>('vscode-dropdown') ?? this.section.body.querySelector('button');
    target?.focus();
  }

  /** Opens the menu of tools; false where the selected rollout calls none. */
  chooseTool(): boolean {
    this.section.setOpen(true);
    this.paint();
    const anchor = this.section.body.querySelector<HTMLElement>('.tool-change');
    if (anchor === null) return false;
    anchor.closest('.frame-row')?.scrollIntoView({ block: 'nearest' });
    showToolMenu(this.session, anchor);
    return true;
  }

  paint(force = false): void {
    const { rollout } = this.session;
    const choices = fields.map(({ field }) => this.choice(field));
    const tool = rulesInForce(this.session);
    const size = this.session.imageSize.value;
    const rules = tool === null ? null : [tool.rules.id, tool.origin, tool.reason];
    const key = JSON.stringify([choices, this.used(), rollout?.dataSource, this.editing, size, rules]);
    if (!force && key === this.drawn) return;
    this.drawn = key;
    this.section.setNote(this.used().some((field) => this.choice(field).spec === null) ? 'cannot tell' : '');
    if (rollout === null) fill(this.section.body);
    else {
      const rows = this.used().flatMap((field) => this.row(field));
      fill(this.section.body, ...rows, tool === null ? null : toolRow(this.session, tool));
    }
  }

  /** Fields of which the selected rollout's group has boxes; predictions also where a response could have had some. */
  private used(): FrameField[] {
    const rollouts = this.session.group?.rollouts ?? [];
    const seen = new Set<FrameField>(rollouts.every(({ kind }) => kind === 'sample') ? [] : ['prediction']);
    for (const rollout of rollouts) {
      for (const region of rollout.regions) seen.add(region.field);
      if (rollout.truthBoxes.length > 0) seen.add('groundTruth');
    }
    return fields.map(({ field }) => field).filter((field) => seen.has(field));
  }

  private row(field: FrameField): HTMLElement[] {
    const choice = this.choice(field);
    const title = fields.find((entry) => entry.field === field)?.title ?? field;
    const unknown = choice.spec === null;
    const editing = this.editing === field;
    const change = linkButton(editing ? 'Close' : unknown ? 'Set…' : 'Change…', () => {
      if (editing) {
        this.editing = null;
        this.paint(true);
      } else this.edit(field);
    });
    const row = div(
      'frame-row',
      div('frame-head', span('frame-field', title), change),
      div(
        unknown ? 'frame-name unknown' : 'frame-name',
        unknown ? icon('question') : null,
        el(
          'span',
          { title: choice.spec === null ? '' : describeFrame(choice.spec) },
          choice.spec === null ? 'Cannot tell' : describeShort(choice.spec),
        ),
      ),
      div('frame-reason', unknown ? choice.reason : `${origins[choice.origin]} · ${choice.reason}`),
      this.inputSize(choice),
    );
    return editing ? [row, frameEditor(this.session, choice, field)] : [row];
  }

  private inputSize(choice: FrameChoice): HTMLElement | null {
    const image = this.session.imageSize.value;
    const { rollout } = this.session;
    if (choice.spec?.kind !== 'input' || image === null || rollout === null) return null;
    try {
      const { width, height } = frameExtent(choice.spec, image, rollout);
      return div('frame-reason', `this image becomes ${width} × ${height} px`);
    } catch (error) {
      if (UserError.is(error)) return div('frame-reason', error.message);
      throw error;
    }
  }
}
