import { div, el, fill, span } from './dom';
import { iconButton } from './iconButton';
import type { HelpRow } from './keyNames';

/** The sheet of keys: modal while open, closed by Escape, `?` or its button; the focus goes back where it was. */
export class HelpSheet {
  readonly element = el('dialog', { class: 'help', aria: { label: 'Keys' } });

  constructor(private readonly rows: readonly HelpRow[]) {}

  toggle(): void {
    if (this.element.open) {
      this.element.close();
      return;
    }
    const close = iconButton({ icon: 'close', label: 'Close', onClick: () => this.element.close() });
    const { rows } = this;
    const topics = [...new Set(rows.map(({ topic }) => topic))];
    fill(
      this.element,
      div('help-head', span('help-title', 'Keys'), close),
      div(
        'help-topics',
        ...topics.map((topic) =>
          el(
            'section',
            {},
            el('h3', {}, topic),
            ...rows
              .filter((row) => row.topic === topic)
              .map(({ label, keys }) =>
                div('help-row', span('', label), span('help-keys', ...keys.map((key) => el('kbd', {}, key)))),
              ),
          ),
        ),
      ),
    );
    this.element.showModal();
  }

  get open(): boolean {
    return this.element.open;
  }

  close(): void {
    this.element.close();
  }
}
