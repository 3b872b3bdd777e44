import type { Rollout, TokenTrack } from '../../../src/core/trajectory/rollout';
import { div, fill, span } from '../../ui/dom';
import { linkButton } from '../../ui/iconButton';
import { linkMarks } from '../picture/linkMarks';
import type { Session } from '../store/session';
import { count } from '../words';
import { HeatBar } from './heatBar';
import { textMarks } from './segments';
import { TextBlocks } from './textBlocks';
import { heatKinds, heatMarks } from './tokenHeat';
import { distinct, emptyLine, repairLine } from './turnsView';

/** The response exactly as logged, with regions, mends and unreadable actions marked in place; tokens coloured at wish. */
export class RawView {
  readonly element = div('raw');
  private shown: Rollout | null = null;
  /** The whole rollout in the place of one that came without all of its text or without its tokens. */
  private whole: Rollout | null = null;
  private loading = false;
  private readonly bar = new HeatBar((kind) => this.session.heat.set(kind));
  private readonly blocks = new TextBlocks(this.element);

  constructor(private readonly session: Session) {
    this.element.tabIndex = 0;
    linkMarks(this.element, session);
    session.region.on(() => this.element.querySelector('.chosen')?.scrollIntoView({ block: 'nearest' }));
    session.heat.on(() => {
      if (!this.element.hidden) this.heat();
    });
  }

  /** Next thing to colour the tokens by, then none; false where the rollout has no token track. */
  cycleHeat(): boolean {
    if (!this.hasTokens) return false;
    const kinds = heatKinds.filter((kind) => this.track === null || this.track[kind] !== null);
    const at = this.session.heat.value === null ? -1 : kinds.indexOf(this.session.heat.value);
    this.session.heat.set(kinds[at + 1] ?? null);
    return true;
  }

  paint(): void {
    const found = this.session.rollout;
    const rollout = found !== null && this.whole?.row === found.row ? this.whole : found;
    if (rollout === this.shown && rollout !== null) return;
    this.shown = rollout;
    this.blocks.clear();
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
    const text = this.blocks.build(rollout.response, textMarks(rollout, this.session.place.value?.member ?? 0));
    fill(
      this.element,
      this.hasTokens && this.bar.element,
      this.cutNote(rollout),
      ...repairs.map(repairLine),
      text,
      ...cropOutputs(rollout),
    );
    this.heat();
  }

  private get hasTokens(): boolean {
    const { rollout, group } = this.session;
    return rollout !== null && (group?.tokenRows.includes(rollout.row) ?? false);
  }

  private get track(): TokenTrack | null {
    return this.shown?.tokens ?? null;
  }

  /** Colours the text on show; tokens are fetched when they are first asked for. */
  private heat(): void {
    const { shown, track, session } = this;
    const kind = session.heat.value;
    if (shown === null || !this.hasTokens) return;
    this.bar.paint(kind, track, this.loading);
    if (kind !== null && track === null) void this.loadWhole(shown.row);
    else this.blocks.extra(kind === null || track === null ? [] : heatMarks(track, kind, shown.response.length));
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
    if (this.loading) return;
    this.loading = true;
    try {
      this.whole = await this.session.host.call('trace/rollout', { row });
    } catch (error) {
      this.session.report(error);
    } finally {
      this.loading = false;
    }
    if (this.session.rollout?.row === row) this.paint();
  }
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
