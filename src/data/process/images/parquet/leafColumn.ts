import type { TableDatabase } from '../tableDatabase';

/** A byte-array leaf of a parquet schema with what its levels mean. */
export interface LeafColumn {
  /** Position among the leaves, as column chunks are numbered. */
  readonly ordinal: number;
  readonly path: readonly string[];
  readonly maxDefinition: number;
  readonly maxRepetition: number;
  /** Definition level from which a list's element exists; 0 outside of lists. */
  readonly elementDefinition: number;
  /** The writer says that the bytes are UTF-8 text. */
  readonly text: boolean;
}

/** Where one row group keeps a leaf. */
export interface ColumnChunk {
  readonly firstRow: number;
  readonly rows: number;
  readonly values: number;
  readonly start: number;
  readonly end: number;
  readonly compression: string;
  /** From the statistics; null when the writer left them out. */
  readonly nulls: number | null;
}

/** Every byte-array leaf of the file's schema, in file order. */
export async function byteArrayLeaves(database: TableDatabase, file: string): Promise<readonly LeafColumn[]> {
  const rows = await database.rows(
    'SELECT name, type, repetition_type, num_children, converted_type, logical_type FROM parquet_schema(?)',
    [file],
  );
  const leaves: LeafColumn[] = [];
  let at = 1;
  let ordinal = 0;
  const visit = (parents: readonly string[], definition: number, repetition: number, element: number): void => {
    const row = rows[at++];
    if (row === undefined || parents.length > 32) return;
    const [name, type, repeats, children, converted, logical] = row;
    const path = [...parents, String(name)];
    const repeated = repeats === 'REPEATED';
    const nextDefinition = definition + (repeats === 'REQUIRED' ? 0 : 1);
    const nextRepetition = repetition + (repeated ? 1 : 0);
    const nextElement = repeated ? nextDefinition : element;
    if (children === null) {
      if (type === 'BYTE_ARRAY')
        leaves.push({
          ordinal,
          path,
          maxDefinition: nextDefinition,
          maxRepetition: nextRepetition,
          elementDefinition: nextElement,
          text: /UTF8|String/.test(`${converted} ${logical}`),
        });
      ordinal++;
      return;
    }
    for (let child = 0; child < Number(children); child++) visit(path, nextDefinition, nextRepetition, nextElement);
  };
  const top = Number(rows[0]?.[3] ?? 0);
  for (let child = 0; child < top; child++) visit([], 0, 0, 0);
  return leaves;
}

/** The chunks of a leaf, in row order. */
export async function columnChunks(
  database: TableDatabase,
  file: string,
  leaf: LeafColumn,
): Promise<readonly ColumnChunk[]> {
  const rows = await database.rows(
    `SELECT row_group_num_rows, num_values, data_page_offset, dictionary_page_offset, total_compressed_size, compression, stats_null_count
     FROM parquet_metadata(?) WHERE column_id = ? ORDER BY row_group_id`,
    [file, leaf.ordinal],
  );
  let firstRow = 0;
  return rows.map((row) => {
    const [count, values, dataOffset, dictionaryOffset, size] = row.slice(0, 5).map((value) => Number(value ?? 0));
    const rowCount = count ?? 0;
    const data = dataOffset ?? 0;
    const dictionary = dictionaryOffset ?? 0;
    // Some writers leave the dictionary's offset out or at 0; then the first page is where the data is said to start.
    const start = dictionary > 0 && dictionary < data ? dictionary : data;
    const chunk = {
      firstRow,
      rows: rowCount,
      values: values ?? 0,
      start,
      end: start + (size ?? 0),
      compression: String(row[5]),
      nulls: row[6] === null || row[6] === undefined ? null : Number(row[6]),
    };
    firstRow += rowCount;
    return chunk;
  });
}
