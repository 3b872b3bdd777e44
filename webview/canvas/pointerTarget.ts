import type { Camera } from './camera';
import type { PointerTarget, PointerTool } from './pointerInput';
import type { Point } from './view';

/** What the pointer does to a canvas but for moving the view. */
export interface PointerUses {
  readonly tool: () => PointerTool;
  readonly point: (at: Point | null) => void;
  readonly click: (at: Point) => void;
  /** The view has moved. */
  readonly moved: () => void;
}

/** Pans and zooms a camera by the pointer; a double click goes between the fitted and the actual size. */
export function pointerTarget(camera: Camera, { tool, point, click, moved }: PointerUses): PointerTarget {
  return {
    get tool() {
      return tool();
    },
    point,
    click,
    doubleClick: (at) => {
      if (camera.fitted) camera.actualSize(at);
      else camera.fit();
      moved();
    },
    pan: (dx, dy) => {
      camera.panBy(dx, dy, 'direct');
      moved();
    },
    zoom: (factor, at, how) => {
      camera.zoomBy(factor, at, how);
      moved();
    },
  };
}
