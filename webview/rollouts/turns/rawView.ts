import type { Rollout } from '../../../src/core/trajectory/rollout';
import { div, fill, span } from '../../ui/dom';
import { linkButton } from '../../ui/iconButton';
import { linkMarks } from '../picture/linkMarks';
import type { Session } from '../store/session';
import { count } from '../words';
import { markedText } from './markedText';
import { textMarks } from './segments';
import { distinct, emptyLine, repairLine } from './turnsView';

/** Characters in one block; blocks out of sight cost no layout. */
const blockLength = 8192;

/** The response exactly as logged, with regions, mends and unreadable actions marked in place. */
export class RawView {
  readonly element = div('raw');
  private shown: Rollout | null = null;
  /** The whole text of a rollout whose text came cut. */
  private whole: Rollout | null = null;

  constructor(private readonly session: Session) {
    this.element.tabIndex = 0;
    linkMarks(this.element, session);
    session.region.on(() => this.element.querySelector('.chosen')?.scrollIntoView({ block: 'nearest' }));
  }

  paint(): void {
    const found = this.session.rollout;
    const rollout = found !== null && this.whole?.row === found.row ? this.whole : found;
    if (rollout === this.shown && rollout !== null) return;
    this.shown = rollout;
    this.element.scrollTop = 0;
    if (rollout === null) {
      fill(this.element);
      return;
    }
    if (rollout.kind === 'sample') {
      fill(this.element, emptyLine('info', 'A sample has no response.'));
      return;
    }
    const repairs = distinct(rollout.regions.flatMap((region) => region.repairs));
    fill(this.element, this.cutNote(rollout), ...repairs.map(repairLine), this.text(rollout), ...cropOutputs(rollout));
  }

  private text(rollout: Rollout): HTMLElement {
    const member = this.session.place.value?.member ?? 0;
    const marks = textMarks(rollout, member);
    const pre = div('raw-text');
    for (let from = 0; from < rollout.response.length; ) {
      const to = blockEnd(rollout.response, from);
      const block = div('raw-block');
      block.append(markedText(rollout.response, from, to, marks));
      pre.append(block);
      from = to;
    }
    return pre;
  }

  private cutNote(rollout: Rollout): HTMLElement | null {
    const cut = this.session.group?.truncated.find(({ row }) => row === rollout.row);
    if (cut === undefined || rollout === this.whole) return null;
    const text = `The first ${count(rollout.response.length)} of ${count(cut.length)} characters are shown. `;
    return div(
      'note',
      span('', text),
      linkButton('Load the whole text', () => void this.loadWhole(rollout.row)),
    );
  }

  private async loadWhole(row: number): Promise<void> {
    try {
      this.whole = await this.session.host.call('trace/rollout', { row });
      this.paint();
    } catch (error) {
      this.session.report(error);
    }
  }
}

/** Blocks end at a line's end where one is near, so that wrapping does not change where they meet. */
function blockEnd(text: string, from: number): number {
  const at = from + blockLength;
  if (at >= text.length) return text.length;
  const line = text.indexOf('\n', at);
  return line >= 0 && line < at + blockLength ? line + 1 : at;
}

function cropOutputs(rollout: Rollout): HTMLElement[] {
  return rollout.cropOutputs.map((crop) =>
    div(
      'crop-output',
      div('crop-output-head', `Task model on region ${crop.region + 1}${crop.file === null ? '' : ` · ${crop.file}`}`),
      div('raw-block', crop.text),
    ),
  );
}
