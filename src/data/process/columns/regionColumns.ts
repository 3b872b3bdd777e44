import type { Size } from '../../../core/geometry/box';
import type { FrameSpec, LoggedSizes } from '../../../core/geometry/frame';
import { findFrame } from '../../../core/geometry/frameChoice';
import { frameExtent } from '../../../core/geometry/frameMap';
import { needsImage } from '../../../core/geometry/relativeCentre';
import { UserError } from '../../../core/text/userError';
import type { FrameReport } from '../../../protocol/data';
import type { ColumnStore, ComputedColumn } from './columnStore';
import type { Grouping } from './groupStatistics';
import { NumberColumn } from './numberColumn';

/** What is known of where boxes lie, by now. */
export interface RegionPlaces {
  /** The same array as long as nothing was decided anew. */
  reports(): readonly FrameReport[];
  /** Stored size of a group's image, where it was measured. */
  measured(group: number): Size | null;
  /** Grows with every measurement. */
  readonly version: number;
}

export const unknownPlaces: RegionPlaces = { reports: () => [], measured: () => null, version: 0 };

/** What areas are made of. */
export interface RegionSources {
  readonly columns: () => ColumnStore;
  readonly grouping: () => Grouping;
  /** Sizes that the log gives of a group. */
  readonly logged: (group: number) => LoggedSizes;
  readonly places: () => RegionPlaces;
}

interface Areas {
  readonly of: readonly unknown[];
  /** Stored pixels of the original, and shares of the image. */
  readonly pixels: NumberColumn;
  readonly shares: NumberColumn;
}

/**
 * Areas of regions, each in one unit whatever frames a trace mixes: a row whose frame or image nobody knows has none.
 * Worked out again when there are more rows, more responses that were read, other frames or more sizes.
 */
export function regionColumns(sources: RegionSources): readonly ComputedColumn[] {
  let known: Areas | null = null;
  const areas = (): Areas => {
    const { rows } = sources.grouping();
    const places = sources.places();
    const of = [rows, places.reports(), places.version, sources.columns().writtenAreas.present];
    if (known?.of.every((part, i) => part === of[i]) !== true) known = { of, ...areasOf(sources, rows) };
    return known;
  };
  const what = 'of the regions named on the image itself (boxes of crops are left out)';
  return [
    {
      name: 'region_area',
      about: `Mean area ${what}, in pixels of the original image.`,
      compute: () => areas().pixels,
    },
    { name: 'region_share', about: `Mean share of the image ${what}, 0–1.`, compute: () => areas().shares },
  ];
}

/** Why no region has an area although there are regions; null where some has, or none is there. */
export function whyNoAreas({ columns, places }: RegionSources): string | null {
  const store = columns();
  if (store.writtenAreas.present === 0 || store.find('region_area') !== null || store.find('region_share') !== null)
    return null;
  const undecided = places()
    .reports()
    .find(({ field, choice }) => field !== 'groundTruth' && choice.spec === null);
  return undecided?.choice.reason ?? 'The frame of the boxes needs the image, and no image was found.';
}

function areasOf({ columns, grouping, logged, places }: RegionSources, rows: number) {
  const { writtenAreas, areasOf: fields } = columns();
  const sources = columns().ownCategory('data_source');
  const { groupOf } = grouping();
  const choices = places()
    .reports()
    .map(({ choice }) => choice);
  const specs = new Map<string, FrameSpec | null>();
  const specOf = (row: number): FrameSpec | null => {
    const source = sources.at(row);
    const field = fields.at(row);
    const key = `${field}:${source ?? ''}`;
    const before = specs.get(key);
    if (before !== undefined) return before;
    const [tool, prediction] = [findFrame(choices, source, 'tool').spec, findFrame(choices, source, 'prediction').spec];
    const both = JSON.stringify(tool) === JSON.stringify(prediction) ? tool : null;
    const spec = field === 'both' ? both : field === 'tool' ? tool : prediction;
    specs.set(key, spec);
    return spec;
  };
  const pixels = new NumberColumn();
  const shares = new NumberColumn();
  let last: { readonly group: number; readonly spec: FrameSpec | null; readonly unit: Unit } = {
    group: -1,
    spec: null,
    unit: { pixel: null, whole: null },
  };
  for (let row = 0; row < rows; row++) {
    const area = writtenAreas.at(row);
    const spec = area === null ? null : specOf(row);
    if (area === null || spec === null) continue;
    const group = groupOf[row] ?? 0;
    if (last.group !== group || last.spec !== spec)
      last = { group, spec, unit: unitOf(spec, logged(group), places().measured(group)) };
    const { pixel, whole } = last.unit;
    if (pixel !== null) pixels.set(row, area * pixel);
    if (whole !== null) shares.set(row, area / whole);
  }
  return { pixels, shares };
}

/** Stored pixels in a frame's square unit, and such units in the image; null where the image's size is wanting. */
interface Unit {
  readonly pixel: number | null;
  readonly whole: number | null;
}

function unitOf(spec: FrameSpec, logged: LoggedSizes, measured: Size | null): Unit {
  const image = logged.loggedImageSize ?? measured;
  const original = spec.kind === 'original' ? 1 : null;
  if (image === null && needsImage(spec, logged)) return { pixel: original, whole: null };
  try {
    const { width, height } = frameExtent(spec, image ?? { width: 1, height: 1 }, logged);
    const whole = width * height;
    return { pixel: original ?? (image === null ? null : (image.width * image.height) / whole), whole };
  } catch (error) {
    // An image that no model would take has no input size.
    if (UserError.is(error)) return { pixel: original, whole: null };
    throw error;
  }
}
