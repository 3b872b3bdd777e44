import { div, setAria } from './dom';

export interface ProgressBar {
  readonly element: HTMLElement;
  /** Share done, 0–1; null hides the bar. */
  set(share: number | null): void;
}

/** The two-pixel line VS Code draws under a view's title. */
export function progressBar(label: string): ProgressBar {
  const fillNode = div('progress-fill');
  const element = div('progress-line', fillNode);
  element.setAttribute('role', 'progressbar');
  setAria(element, 'label', label);
  setAria(element, 'valuemin', 0);
  setAria(element, 'valuemax', 100);
  return {
    element,
    set(share) {
      element.classList.toggle('idle', share === null);
      setAria(element, 'hidden', share === null ? true : null);
      if (share === null) return;
      setAria(element, 'valuenow', Math.round(share * 100));
      fillNode.style.transform = `scaleX(${share})`;
    },
  };
}
