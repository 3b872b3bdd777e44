import type { Diagnosis } from '../../core/metric/coco/diagnosis';
import type { EvalNumber } from '../../core/metric/coco/summary';
import type { EvalCommand } from './evalArguments';

/** Three digits, as pycocotools prints them; a dash for what there is none of. */
export const shown = (value: number | null): string => (value === null ? '  –  ' : value.toFixed(3));

/** What the numbers depend on. */
export function settingLines(command: EvalCommand): readonly string[] {
  const { masks, lvis, thresholds, areasName, maxDetections, agnostic } = command;
  return [
    [
      masks ? 'masks' : 'boxes',
      `rules of ${lvis ? 'LVIS' : 'COCO'}`,
      `IoU ${thresholdText(thresholds)}`,
      `areas ${areasName}`,
      `at most ${maxDetections.join(', ')} results`,
      ...(agnostic ? ['categories ignored'] : []),
    ].join(', '),
  ];
}

export function thresholdText(thresholds: readonly number[]): string {
  const short = (value = Number.NaN): string => String(Math.round(value * 1e6) / 1e6);
  return thresholds.length > 3
    ? `${short(thresholds[0])}:${short(thresholds.at(-1))} (${thresholds.length} thresholds)`
    : thresholds.map(short).join(', ');
}

export function numberLines(numbers: readonly EvalNumber[]): readonly string[] {
  const width = Math.max(...numbers.map(({ name }) => name.length));
  return numbers.map(({ name, thresholds, area, maxDetections, value }) => {
    const iou = `IoU ${thresholdText(thresholds)}`;
    return `${name.padEnd(width)}  ${shown(value)}   ${iou}, ${area}, at most ${maxDetections}`;
  });
}

const said = (value: number | null): string => (value === null ? '–' : value.toFixed(3));

export function diagnosisLines(diagnosis: Diagnosis, threshold: number, near: number): readonly string[] {
  const { targets, found, poorlyLocalised, missed, wrong, precision, recall, f1, meanIou } = diagnosis;
  const share = (count: number): string => (targets === 0 ? '' : ` (${((100 * count) / targets).toFixed(1)} %)`);
  return [
    `At IoU ${threshold}: precision ${said(precision)}, recall ${said(recall)}, F1 ${said(f1)}`,
    `of ${targets} objects ${found} found${share(found)}, ${poorlyLocalised} poorly localised (IoU ${near} and more)${share(poorlyLocalised)}, ${missed} missed${share(missed)}; ${wrong} results found nothing`,
    `mean of each object's largest IoU ${said(meanIou)}`,
  ];
}
