/** The output folder of ACTIVE-O3's demo over the scenes: `_mid.json`, `_mid.txt`, final boxes and saved crops. */
import type { Box, Size } from '../../src/core/geometry/box';

export interface DemoAnswer {
  readonly imageId: number;
  readonly fileName: string;
  readonly object: string;
  readonly question: string;
  readonly image: Size;
  readonly input: Size;
  readonly response: string;
  /** As the demo's parser read them, pixels of the input. */
  readonly regions: readonly { readonly box: Box; readonly label: string }[];
  /** Ground truth, original pixels; the make-believe task model finds those that lie wholly in a crop. */
  readonly objects: readonly Box[];
}

export interface DemoFile {
  /** Relative to `visualization_vstar/`. */
  readonly path: string;
  readonly text: string;
}

export interface DemoCrop {
  readonly path: string;
  readonly box: Box;
}

/** Files of one image, and the crops to cut from it. Numbers are truncated as the demo's `int()` does. */
export function demoFiles(answer: DemoAnswer): { files: DemoFile[]; crops: DemoCrop[] } {
  const { image, input, fileName, object } = answer;
  const name = fileName.replace(/\.[^.]+$/, '');
  const stem = `json/${name}-${object}`;
  const windows = answer.regions.map((r) => toImage(r.box, input, image));
  const found = windows.map((w) =>
    answer.objects.filter((o) => o.x1 >= w.x1 && o.y1 >= w.y1 && o.x2 <= w.x2 && o.y2 <= w.y2),
  );
  const final = dedupe(found.flat());
  const mid = {
    image_id: answer.imageId,
    question: answer.question,
    file_name: fileName,
    image_width: image.width,
    image_height: image.height,
    pred_json: answer.regions.map((r) => ({ bbox_2d: list(r.box), label: r.label })),
    pred_bbox: windows.map((w) => [w.x1, w.y1, w.x2, w.y2].map((v) => Math.round(v * 1000) / 1000)),
    response: answer.response,
  };
  const outputs = windows.map((w, i) => {
    const inCrop = (found[i] ?? []).map(
      (o) =>
        `\t{"bbox_2d": [${list({ x1: o.x1 - w.x1, y1: o.y1 - w.y1, x2: o.x2 - w.x1, y2: o.y2 - w.y1 }).join(', ')}], "label": "${object}"}`,
    );
    return `output[${i}]:\`\`\`json\n[\n${inCrop.join(',\n')}\n]\n\`\`\``;
  });
  return {
    files: [
      { path: `${stem}_mid.json`, text: JSON.stringify(mid) },
      { path: `${stem}_mid.txt`, text: `${outputs.join('\n')}\n` },
      { path: `${stem}.json`, text: JSON.stringify(final.map(list)) },
    ],
    crops: windows.map((box, i) => ({ path: `cropped/${name}_crop_${i}.jpg`, box })),
  };
}

function toImage(box: Box, input: Size, image: Size): Box {
  const x = (v: number) => Math.min(image.width, Math.max(0, (v / input.width) * image.width));
  const y = (v: number) => Math.min(image.height, Math.max(0, (v / input.height) * image.height));
  return { x1: x(box.x1), y1: y(box.y1), x2: x(box.x2), y2: y(box.y2) };
}

function list(box: Box): number[] {
  return [box.x1, box.y1, box.x2, box.y2].map(Math.trunc);
}

function dedupe(boxes: readonly Box[]): Box[] {
  return [...new Map(boxes.map((b) => [list(b).join(), b])).values()];
}
