import type { DatasetAction } from '../../../src/protocol/datasetEditor';
import { onAny } from '../../rollouts/store/signal';
import { div, el } from '../../ui/dom';
import { iconButton, setPressed } from '../../ui/iconButton';
import type { DatasetSession } from '../store/session';

/** The line above the grid: what is searched for, then how it looks. */
export function gridToolbar(
  session: DatasetSession,
  tools: readonly HTMLElement[],
  act: (action: DatasetAction) => () => void,
): HTMLElement {
  const { side, boxes, asList } = session;
  const slider = el('input', { class: 'size-slider', title: 'Size of thumbnails (Ctrl+Wheel, + −)' });
  slider.type = 'range';
  slider.min = '64';
  slider.max = '480';
  slider.setAttribute('aria-label', 'Size of thumbnails');
  slider.addEventListener('input', () => side.set(Number(slider.value)));
  const boxToggle = iconButton({
    icon: 'layers',
    label: 'Boxes',
    keys: 'B',
    pressed: true,
    onClick: act('toggleBoxes'),
  });
  const listToggle = iconButton({
    icon: 'list-unordered',
    label: 'List',
    keys: 'L',
    pressed: false,
    onClick: act('toggleList'),
  });
  const paint = () => {
    slider.value = String(side.value);
    slider.hidden = asList.value;
    boxToggle.hidden = asList.value;
    setPressed(boxToggle, boxes.value);
    setPressed(listToggle, asList.value);
  };
  onAny(paint, [side, boxes, asList]);
  paint();
  return div('grid-toolbar', ...tools, div('toolbar-gap'), slider, boxToggle, listToggle);
}
