import type { Box, Size } from '../../../../core/geometry/box';
import type { ClickPrompt } from '../../../../protocol/segment';

/**
 * Parts of a picture in which the object of a first click is looked for, in shares of its longer side: a click does not tell how large a thing
 * it means, and on the small picture that is worked on a small thing is a few pixels.
 */
const shares = [1, 0.4, 0.16] as const;
/** Pixels: a smaller part shows nothing more. */
const leastSide = 96;
/** Room around a box, in its longer sides, and how near the view's rim a click may be, in the view's. */
const boxRoom = 0.5;
const rimRoom = 0.06;
/** How far a view grows beyond a click that is near its rim or outside, in the longer side of what holds both. */
const growth = 0.4;
/** A view that grows to this share of the picture is as good as all of it. */
const mostOfPicture = 0.8;

export function wholeView({ width, height }: Size): Box {
  return { x1: 0, y1: 0, x2: width, y2: height };
}

/** Views around a first click, the largest first. */
export function viewsOf({ x, y }: ClickPrompt, size: Size): readonly Box[] {
  const longer = Math.max(size.width, size.height);
  const views = [wholeView(size)];
  for (const share of shares.slice(1)) {
    const half = (longer * share) / 2;
    if (2 * half < leastSide) break;
    views.push(within({ x1: x - half, y1: y - half, x2: x + half, y2: y + half }, size));
  }
  return views;
}

/** What is looked at of a box. */
export function viewOfBox(box: Box, size: Size): Box {
  const room = Math.max(leastSide / 4, boxRoom * Math.max(box.x2 - box.x1, box.y2 - box.y1));
  return within({ x1: box.x1 - room, y1: box.y1 - room, x2: box.x2 + room, y2: box.y2 + room }, size);
}

/** A view that holds another click as well, with room around it: the object goes on where the view ended. */
export function grown(view: Box, { x, y }: ClickPrompt, size: Size): Box {
  const longer = Math.max(view.x2 - view.x1, view.y2 - view.y1);
  const rim = rimRoom * longer;
  const near = (at: number, from: number, to: number, most: number) =>
    (at < from + rim && from > 0) || (at > to - rim && to < most);
  if (!near(x, view.x1, view.x2, size.width) && !near(y, view.y1, view.y2, size.height)) return view;
  const [across, down] = [Math.max(view.x2, x) - Math.min(view.x1, x), Math.max(view.y2, y) - Math.min(view.y1, y)];
  const room = growth * Math.max(across, down);
  if (Math.max(across, down) + room > mostOfPicture * Math.max(size.width, size.height)) return wholeView(size);
  return within(
    {
      x1: Math.min(view.x1, x - room),
      y1: Math.min(view.y1, y - room),
      x2: Math.max(view.x2, x + room),
      y2: Math.max(view.y2, y + room),
    },
    size,
  );
}

/** Whole pixels inside the picture. */
function within({ x1, y1, x2, y2 }: Box, { width, height }: Size): Box {
  return {
    x1: Math.max(0, Math.floor(x1)),
    y1: Math.max(0, Math.floor(y1)),
    x2: Math.min(width, Math.ceil(x2)),
    y2: Math.min(height, Math.ceil(y2)),
  };
}
