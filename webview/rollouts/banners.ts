import { el, fill, span } from '../ui/dom';
import { icon } from '../ui/icon';
import { iconButton, linkButton } from '../ui/iconButton';
import type { Signal } from './store/signal';

/** What banners need of an editor's session. */
export interface BannerSession {
  readonly failure: Signal<{ readonly message: string; readonly fatal: boolean } | null>;
  readonly lost: Signal<boolean>;
  readonly reload: Signal<number>;
  readonly host: {
    call(method: 'editor/showLog' | 'editor/restart', params: Record<never, never>): Promise<unknown>;
  };
}

/** The process that reads files has failed. */
export function failureBanner(session: BannerSession): HTMLElement {
  const banner = el('div', { class: 'failure', role: 'alert', hidden: true });
  session.failure.on((failure) => {
    banner.hidden = failure === null;
    if (failure === null) return;
    const showLog = linkButton('Show Log', () => void session.host.call('editor/showLog', {}));
    // What was given up is not had again by asking.
    const again = failure.fatal
      ? linkButton('Restart', () => void session.host.call('editor/restart', {}))
      : linkButton('Reload', () => session.reload.set(session.reload.value + 1));
    const close = iconButton({ icon: 'close', label: 'Close', onClick: () => session.failure.set(null) });
    const name = failure.fatal ? 'error' : 'warning';
    fill(banner, icon(name), span('banner-text', failure.message), again, showLog, failure.fatal ? null : close);
  });
  return banner;
}

/** The extension host itself is gone: the page is for reading only, and VS Code's own command is what helps. */
export function lostBanner(session: BannerSession): HTMLElement {
  const words =
    'VS Code’s extension host does not answer. Nothing can be edited until it does; what was edited before is kept.';
  const reload = el('a', { class: 'link-button' }, 'Reload Window');
  reload.href = 'command:workbench.action.reloadWindow';
  const banner = el('div', { class: 'failure lost', role: 'alert', hidden: true });
  session.lost.on((lost) => {
    banner.hidden = !lost;
    // An alert is read out when its words come.
    fill(banner, ...(lost ? [icon('error'), span('banner-text', words), reload] : []));
  });
  return banner;
}
