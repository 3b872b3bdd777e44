import { el } from './dom';

/** The codicons this extension uses; a typo does not compile. */
export type IconName =
  | 'arrow-down'
  | 'arrow-up'
  | 'sort-precedence'
  | 'save'
  | 'filter'
  | 'database'
  | 'clear-all'
  | 'case-sensitive'
  | 'bookmark'
  | 'check'
  | 'chevron-down'
  | 'chevron-left'
  | 'chevron-right'
  | 'circle'
  | 'circle-slash'
  | 'collapse-all'
  | 'copy'
  | 'history'
  | 'error'
  | 'expand-all'
  | 'eye'
  | 'file-media'
  | 'go-to-file'
  | 'info'
  | 'keyboard'
  | 'layers'
  | 'loading'
  | 'comment'
  | 'question'
  | 'refresh'
  | 'screen-full'
  | 'search'
  | 'settings-gear'
  | 'smiley'
  | 'sparkle'
  | 'symbol-ruler'
  | 'target'
  | 'thumbsdown'
  | 'thumbsup'
  | 'tools'
  | 'warning'
  | 'wrench'
  | 'close'
  | 'zoom-in'
  | 'zoom-out';

/** A decorative codicon: hidden from screen readers, so the control around it carries the name. */
export function icon(name: IconName, extra = ''): HTMLSpanElement {
  return el('span', { class: `codicon codicon-${name} ${extra}`.trim(), aria: { hidden: true } });
}
