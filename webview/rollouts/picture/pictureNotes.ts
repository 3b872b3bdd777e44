import type { FrameField, FrameSpec } from '../../../src/core/geometry/frame';
import type { ImageState } from '../../../src/protocol/data';
import type { ImageMend } from '../../../src/protocol/rollouts';
import { button, progressRing } from '../../ui/controls';
import { div, el, fill, setText, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { linkButton } from '../../ui/iconButton';
import { clicksOf } from '../chain/clicks';
import { describeShort } from '../side/frameForm';
import type { Session } from '../store/session';
import { evidenceWords, likelyFrames } from './evidenceWords';
import type { MarkStore } from './markStore';

const fieldWords: Readonly<Record<FrameField, string>> = {
  prediction: 'The predicted boxes',
  groundTruth: 'The ground-truth boxes',
  tool: 'The boxes of tool calls',
};

/** What stands over the canvas: waiting, an image that was not found and how to mend that, boxes without a frame. */
export class PictureNotes {
  readonly element = div('picture-note');
  readonly banner = div('banner');
  /** In the corner of a picture without regions. */
  readonly hint = div('picture-hint');
  private trouble: string | null = null;

  constructor(
    private readonly session: Session,
    private readonly store: MarkStore,
    private readonly onSetFrame: () => void,
  ) {
    this.element.hidden = true;
    this.banner.hidden = true;
    this.banner.setAttribute('role', 'note');
    this.hint.hidden = true;
    store.marks.on(() => {
      this.paintBanner();
      this.paintHint();
    });
    session.info.on(() => this.paintBanner());
    session.detail.on((detail) => {
      if (detail.kind === 'failed') this.paint('failed', detail.message);
    });
  }

  /** What is wrong with something that should lie over the picture; null when nothing is. */
  say(trouble: string | null): void {
    this.trouble = trouble;
    this.paintHint();
  }

  private paintHint(): void {
    const { rollout, imageSize } = this.session;
    const nothing = rollout?.kind === 'rollout' && rollout.regions.length === 0 && clicksOf(rollout).length === 0;
    this.hint.hidden = imageSize.value === null || (this.trouble === null && !nothing);
    setText(this.hint, this.trouble ?? 'This rollout names no regions');
  }

  /**
   * `none`: whatever the image's own state says. `screen`: nothing, another picture stands in the image's place. `leftOut`: that
   * one, of a turn or a frame as `message` says, is not in the log, which no folder mends.
   */
  paint(what: 'none' | 'screen' | 'leftOut' | 'loading' | 'failed', message = ''): void {
    const image = what === 'screen' || what === 'leftOut' ? null : (this.session.group?.image ?? null);
    const content =
      what === 'loading'
        ? waiting('Loading image…')
        : what === 'failed'
          ? this.failed(message)
          : what === 'leftOut'
            ? [div('note-title', icon('file-media'), span('', `The log keeps no picture of this ${message}`))]
            : image === null || image.kind === 'resolved'
              ? null
              : image.kind === 'pending'
                ? waiting('Looking for the image…', image.reason)
                : this.unresolved(image);
    this.element.hidden = content === null;
    fill(this.element, ...(content ?? []));
  }

  private failed(message: string): HTMLElement[] {
    return [
      div('note-title', icon('error'), span('', 'The image cannot be shown')),
      div('note-text', message),
      this.mends(),
    ];
  }

  private unresolved(image: Extract<ImageState, { kind: 'ambiguous' | 'missing' }>): HTMLElement[] {
    if (image.kind === 'ambiguous') {
      return [
        div('note-title', icon('question'), span('', `${image.candidates.length} images fit this prompt`)),
        div('note-text', image.reason),
        el(
          'ul',
          { class: 'candidates', aria: { label: 'Images that fit' } },
          ...image.candidates.slice(0, 50).map(({ label }, index) =>
            el(
              'li',
              {},
              linkButton(label, () => this.mend('chooseImage', index)),
            ),
          ),
        ),
        this.mends(),
      ];
    }
    return [
      div('note-title', icon('file-media'), span('', 'No image for this prompt')),
      div('note-text', image.reason),
      image.tried.length === 0
        ? div('')
        : el('details', { class: 'tried' }, el('summary', {}, 'What was tried'), triedList(image.tried)),
      this.mends(),
    ];
  }

  private mends(): HTMLElement {
    return div(
      'note-buttons',
      button({ label: 'Choose Dataset…', primary: true, onClick: () => this.mend('chooseDataset', null) }),
      button({ label: 'Choose Image…', onClick: () => this.mend('chooseImage', null) }),
      button({ label: 'Add Image Folder…', onClick: () => this.mend('chooseFolder', null) }),
      button({ label: 'Settings', onClick: () => this.mend('openSettings', null) }),
    );
  }

  private mend(how: ImageMend, candidate: number | null): void {
    const group = this.session.place.value?.group;
    if (group === undefined) return;
    this.session.host
      .call('image/mend', { group, how, candidate }, { deadline: Number.POSITIVE_INFINITY })
      .catch((error: unknown) => this.session.report(error));
  }

  /** The user takes one of the likely frames by one click; it is remembered like any other choice. */
  private choose(field: FrameField, spec: FrameSpec): void {
    const dataSource = this.session.rollout?.dataSource ?? null;
    const choice = { dataSource, field, spec, origin: 'user', reason: 'Chosen beside the picture.' } as const;
    void this.session.perform({ kind: 'setFrame', choice });
  }

  private paintBanner(): void {
    const { unknown, reasons } = this.store.marks.value;
    const field = unknown[0];
    const wanted = field !== undefined || reasons.length > 0;
    this.banner.hidden = !wanted;
    if (!wanted) return;
    if (field === undefined) {
      fill(this.banner, icon('warning'), span('banner-text', `Some boxes cannot be placed: ${reasons.join(' ')}`));
      return;
    }
    if (this.session.info.value === null) void this.session.loadInfoOnce();
    const dataSource = this.session.rollout?.dataSource ?? null;
    const likely = likelyFrames(this.session.info.value?.frames ?? [], dataSource, field);
    const evidence = evidenceWords(likely);
    fill(
      this.banner,
      icon('question'),
      div(
        'banner-text',
        div('', `${fieldWords[field]} cannot be placed: cannot tell which pixels they count in.`),
        evidence === '' ? null : div('quiet', evidence),
      ),
      div(
        'banner-buttons',
        ...likely.map(({ spec }) => button({ label: describeShort(spec), onClick: () => this.choose(field, spec) })),
        button({ label: 'Other Frame…', onClick: this.onSetFrame }),
      ),
    );
  }
}

function waiting(text: string, reason = ''): HTMLElement[] {
  return [progressRing(text), div('quiet', text), div('note-text', reason)];
}

function triedList(tried: readonly string[]): HTMLElement {
  return el('ul', {}, ...tried.slice(0, 50).map((text) => el('li', {}, text)));
}
