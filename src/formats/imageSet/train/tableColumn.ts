/** A value of a table's cell. Numbers are whole where their column is. */
export type Cell = null | boolean | number | string | Uint8Array | readonly Cell[] | { readonly [field: string]: Cell };

/** A column of a parquet file. */
export interface TableColumn {
  /** As DuckDB names it. */
  readonly type: string;
  /** As `datasets` describes it under `huggingface` in the file's metadata (`Features.to_dict`). */
  readonly feature: object;
}

const value = (dtype: string) => ({ dtype, _type: 'Value' });
/** `Sequence` and not `List`, which releases of `datasets` before 4 do not know. */
const list = (feature: object) => ({ feature, _type: 'Sequence' });

export const text: TableColumn = { type: 'VARCHAR', feature: value('string') };
export const whole: TableColumn = { type: 'INTEGER', feature: value('int32') };
export const real: TableColumn = { type: 'DOUBLE', feature: value('float64') };
/** An encoded image, which `datasets` decodes and turns as EXIF says. */
export const image: TableColumn = { type: 'STRUCT(bytes BLOB, path VARCHAR)', feature: { _type: 'Image' } };

export function listOf({ type, feature }: TableColumn): TableColumn {
  return { type: `${type}[]`, feature: list(feature) };
}

export function structOf(fields: Readonly<Record<string, TableColumn>>): TableColumn {
  const entries = Object.entries(fields);
  return {
    type: `STRUCT(${entries.map(([name, { type }]) => `"${name}" ${type}`).join(', ')})`,
    feature: Object.fromEntries(entries.map(([name, { feature }]) => [name, feature])),
  };
}

/** What `datasets` reads its features from (`arrow_writer.py`). */
export function featuresText(columns: Readonly<Record<string, TableColumn>>): string {
  const features = Object.fromEntries(Object.entries(columns).map(([name, { feature }]) => [name, feature]));
  return JSON.stringify({ info: { features } });
}
