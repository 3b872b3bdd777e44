import type { ImageCanvas } from '../../canvas/imageCanvas';
import { onAny, oncePerFrame } from '../../rollouts/store/signal';
import { noRegions, type RolloutRegions, rolloutRegions } from './rolloutMarks';
import type { RolloutsStore } from './rolloutsStore';

/** Keeps what is selected of the rollouts on the canvas, over the annotations. */
export function drawRollouts(
  store: RolloutsStore,
  canvas: Pick<ImageCanvas, 'setRegions'>,
  told: (regions: RolloutRegions) => void,
): void {
  const draw = oncePerFrame(() => {
    const regions = regionsOf(store);
    canvas.setRegions(store.drawn.value ? regions.regions : []);
    told(regions);
  });
  onAny(draw, [store.place, store.texts, store.here, store.drawn]);
}

function regionsOf(store: RolloutsStore): RolloutRegions {
  const [place, here] = [store.place.value, store.here.value];
  if (place === null || here === null || typeof here === 'string' || here.stored === null) return noRegions;
  const [group, detail] = [store.group(place.group), store.detail(place.group)];
  if (group === null || detail === null) return noRegions;
  const format = store.trace(group.trace)?.format ?? '';
  return rolloutRegions(detail, format, place.member, here.stored, store.session.welcome.frame);
}
