import { UserError } from '../../../core/text/userError';
import { quoteText, type TableDatabase, tableError } from '../images/tableDatabase';

/** What a copy of a parquet file must have as the file itself. */
export interface ParquetShape {
  readonly rows: number;
  /** DuckDB's types by top-level column, in the file's order. */
  readonly columns: ReadonlyMap<string, string>;
  /** Every element of the schema, in order: what a reader of another kind sees. */
  readonly schema: readonly string[];
  readonly metadata: readonly { readonly key: string; readonly value: Uint8Array }[];
  /** Parquet's name of the codec that packs most of the file. */
  readonly codec: string;
  readonly rowGroup: number;
  readonly bytesPerRow: number;
}

/** Throws `UserError` for a file that is no parquet. */
export async function parquetShape(database: TableDatabase, file: string): Promise<ParquetShape> {
  const name = quoteText(file);
  try {
    const columns = await database.rows(`DESCRIBE SELECT * FROM read_parquet(${name}, hive_partitioning = false)`);
    const schema = await database.rows(
      `SELECT name, type, num_children, repetition_type = 'REPEATED' FROM parquet_schema(${name})`,
    );
    const metadata = await database.rows(`SELECT key, value FROM parquet_kv_metadata(${name})`);
    const [codec] = await database.rows(
      `SELECT compression FROM parquet_metadata(${name}) GROUP BY ALL ORDER BY sum(total_compressed_size) DESC LIMIT 1`,
    );
    const [groups] = await database.rows(
      `SELECT max(row_group_num_rows), sum(total_uncompressed_size) FROM parquet_metadata(${name})`,
    );
    const [counted] = await database.rows(`SELECT num_rows FROM parquet_file_metadata(${name})`);
    const rows = Number(counted?.[0] ?? 0);
    return {
      rows,
      columns: new Map(columns.map(([column, type]) => [String(column), String(type)])),
      schema: elementsOf(schema),
      metadata: metadata.map(([key, value]) => ({ key: textOf(bytesOf(key)), value: bytesOf(value) })),
      codec: String(codec?.[0] ?? 'SNAPPY'),
      rowGroup: Math.max(1, Number(groups?.[0] ?? 0)),
      bytesPerRow: Number(groups?.[1] ?? 0) / Math.max(1, rows),
    };
  } catch (error) {
    throw UserError.is(error) ? error : tableError(file, error);
  }
}

/** What differs between a file and its copy, for people; null when nothing does but the rows. */
export function differenceOf(file: ParquetShape, copy: ParquetShape): string | null {
  for (const [name, type] of file.columns)
    if (copy.columns.get(name) !== type) return `column ${name} would become ${copy.columns.get(name) ?? 'none'}`;
  if ([...copy.columns.keys()].join('\n') !== [...file.columns.keys()].join('\n')) return 'its columns would be others';
  const element = file.schema.findIndex((one, i) => one !== copy.schema[i]);
  if (element !== -1 || file.schema.length !== copy.schema.length)
    return `${file.schema[element] ?? 'a column'} would be stored as ${copy.schema[element] ?? 'nothing'}`;
  const kept = file.metadata.every(({ key, value }) =>
    copy.metadata.some((other) => other.key === key && Buffer.compare(other.value, value) === 0),
  );
  return kept ? null : 'its metadata would be lost';
}

/** Name, type and children of each element. Writers name the groups inside a list differently; readers pass over those names. */
function elementsOf(rows: readonly (readonly unknown[])[]): readonly string[] {
  const open: { left: number; readonly list: boolean }[] = [];
  return rows.slice(1).map(([name, type, children, repeated]) => {
    while (open.at(-1)?.left === 0) open.pop();
    const parent = open.at(-1);
    if (parent !== undefined) parent.left--;
    const inList = repeated === true || parent?.list === true;
    if (children !== null) open.push({ left: Number(children), list: repeated === true });
    return `${inList ? '*' : String(name)} ${String(type ?? 'group')} of ${String(children ?? 0)}`;
  });
}

function bytesOf(value: unknown): Uint8Array {
  if (typeof value === 'string') return new TextEncoder().encode(value);
  if (typeof value === 'object' && value !== null && 'bytes' in value && value.bytes instanceof Uint8Array)
    return value.bytes;
  return new Uint8Array();
}

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
