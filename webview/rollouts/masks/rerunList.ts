import { div, el, fill, setAria, setText, span } from '../../ui/dom';
import { iconButton, linkButton } from '../../ui/iconButton';
import { type Section, section } from '../../ui/section';
import { signOf } from '../chain/clicks';
import { onAny } from '../store/signal';
import { decimal, signed } from '../words';
import { type ClickRerun, type RerunClick, type RerunState, rerunInk } from './clickRerun';

/** Clicks that were made again, in the side pane: IoU with the mask to reach of the log's mask and the local model's, click by click. */
export class RerunList {
  readonly section: Section;
  private readonly status = span('rerun-status');
  private readonly trouble = div('rerun-trouble');
  private readonly rows = el('tbody');
  private readonly cancel: HTMLElement;
  private readonly again: HTMLElement;
  private shown: readonly RerunClick[] | null = null;

  constructor(
    private readonly rerun: ClickRerun,
    private readonly branch: (click: number) => void,
    open: boolean,
    onToggle: () => void,
  ) {
    this.section = section('Re-run Clicks', open, onToggle);
    this.cancel = iconButton({ icon: 'circle-slash', label: 'Cancel', keys: 'Esc', onClick: () => rerun.cancel() });
    this.again = iconButton({
      icon: 'refresh',
      label: 'Re-run up to the click on show',
      keys: '*',
      onClick: () => void rerun.run(),
    });
    const close = iconButton({ icon: 'close', label: 'Close the re-run', onClick: () => rerun.close() });
    const head = el(
      'thead',
      {},
      el(
        'tr',
        {},
        heading('Click'),
        heading('Logged IoU', el('span', { class: 'ink-line rerun-line', data: { ink: 0 } }), 'Logged'),
        heading(
          'IoU of the re-run',
          el('span', { class: 'ink-line rerun-line again', data: { ink: rerunInk } }),
          'Re-run',
        ),
        heading('IoU gained or lost by the re-run', 'ΔIoU'),
        el('th', {}),
      ),
    );
    const table = el('table', { class: 'rerun-table', aria: { label: 'Re-run clicks' } }, head, this.rows);
    const controls = div('mask-controls', this.status, this.cancel, this.again, close);
    fill(this.section.body, controls, this.trouble, table);
    rerun.state.on(() => this.paint());
    onAny(() => this.mark(), [rerun.session.look, rerun.looks.looks]);
    this.paint();
  }

  private paint(): void {
    const state = this.rerun.state.value;
    this.section.element.hidden = state === null;
    if (state === null) return;
    const { running, trouble, done } = state;
    setText(this.status, statusWords(state));
    this.status.title = state.model?.title ?? '';
    this.cancel.hidden = !running;
    this.again.hidden = running;
    this.trouble.hidden = trouble === null;
    const restart = trouble?.down ? linkButton('Restart', () => void this.rerun.restart()) : '';
    fill(this.trouble, span('', trouble?.message ?? ''), restart);
    if (done === this.shown) return;
    this.shown = done;
    fill(this.rows, ...done.map((click, index) => this.row(click, index)));
    this.mark();
  }

  private row({ click, loggedIou, iou }: RerunClick, index: number): HTMLElement {
    const gained = loggedIou === null || iou === null ? null : iou - loggedIou;
    const name = linkButton(`${signOf(click)}${index + 1}`, () => this.show(index), `Show click ${index + 1}`);
    const on = iconButton({ icon: 'edit', label: 'Go on by hand from this click', onClick: () => this.branch(index) });
    const row = el(
      'tr',
      {},
      el('td', {}, name),
      number(loggedIou),
      number(iou),
      number(gained, signed),
      el('td', {}, on),
    );
    row.addEventListener('click', (event) => {
      if (!(event.target instanceof Element) || event.target.closest('button') === null) this.show(index);
    });
    return row;
  }

  private show(click: number): void {
    const at = this.rerun.looks.looks.value.list.findIndex(
      ({ mark }) => mark?.kind === 'click' && mark.index === click,
    );
    if (at >= 0) this.rerun.session.look.set(at);
  }

  private mark(): void {
    const now = this.rerun.clickOnShow;
    for (const [index, row] of [...this.rows.children].entries()) {
      row.classList.toggle('current', index === now);
      setAria(row, 'current', index === now ? 'step' : null);
    }
  }
}

function statusWords({ model, running, done, total }: RerunState): string {
  const name = model?.title ?? 'Local model';
  return running || done.length < total ? `${name} · ${done.length} of ${total}` : name;
}

const heading = (title: string, ...content: (Node | string)[]): HTMLElement =>
  el('th', { title, aria: { label: title } }, ...(content.length === 0 ? [title] : content));

const number = (value: number | null, words = decimal): HTMLElement =>
  el('td', { class: 'number' }, value === null ? '–' : words(value));
