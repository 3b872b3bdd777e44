import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ParquetCells } from '../../../src/data/process/images/parquet/parquetCells';
import { TableDatabase } from '../../../src/data/process/images/tableDatabase';
import { bytesRead, temporaryFolder, writeTables } from './tables';

/** Lists of 0 to 3 images, some of them null, some rows null altogether; bytes that compress and bytes that don't. */
const messyRows = `SELECT CASE WHEN i % 11 = 5 THEN NULL ELSE list_transform(range(i % 4), lambda k:
    CASE WHEN (i + k) % 7 = 3 THEN NULL ELSE {
      bytes: CASE WHEN (i + k) % 5 = 2 THEN NULL ELSE (repeat(md5((i * 10 + k)::VARCHAR), 1 + i % 9) || i)::BLOB END,
      path: CASE WHEN (i + k) % 3 = 1 THEN NULL ELSE 'images/' || (i // 50) || '.png' END } END) END AS images
  FROM range(3000) rows(i)`;

describe('a cell of a parquet file is read by its row', () => {
  it.each([
    ['uncompressed', 'FORMAT parquet, COMPRESSION uncompressed, ROW_GROUP_SIZE 2048'],
    ['snappy', 'FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 2048'],
    ['gzip', 'FORMAT parquet, COMPRESSION gzip'],
    ['zstd', 'FORMAT parquet, COMPRESSION zstd'],
    ['brotli', 'FORMAT parquet, COMPRESSION brotli'],
    ['lz4, which only DuckDB reads', 'FORMAT parquet, COMPRESSION lz4_raw'],
    ['version 2 encodings', 'FORMAT parquet, PARQUET_VERSION V2, COMPRESSION snappy'],
  ])('%s', async (_, options) => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'images.parquet');
    await writeTables(`COPY (${messyRows}) TO '${file}' (${options})`);
    const database = new TableDatabase();
    const cells = new ParquetCells(database, file);
    const [bytes, path] = await cells.leavesOf('images');
    const expected = await database.rows(
      `SELECT list_transform(images, lambda x: hex(x.bytes)), list_transform(images, lambda x: x.path) FROM '${file}'`,
    );
    for (const row of [0, 1, 2, 3, 5, 16, 17, 777, 2047, 2048, 2049, 2998, 2999]) {
      const [data, names] = expected[row] as [{ items: (string | null)[] } | null, { items: (string | null)[] } | null];
      const read = await cells.cell(bytes!, row);
      expect(read.map((one) => one && Buffer.from(one).toString('hex').toUpperCase())).toEqual(data?.items ?? []);
      const texts = await cells.cell(path!, row);
      expect(texts.map((one) => one && new TextDecoder().decode(one))).toEqual(names?.items ?? []);
    }
    await database.dispose();
  });

  it('costs the pages it stands in, not the column: two row groups of 6 MB, one image read', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'large.parquet');
    await writeTables(
      `COPY (SELECT 'What is ' || i AS prompt, [{bytes: repeat(md5(i::VARCHAR), 100)::BLOB, path: i || '.png'}] AS images
        FROM range(4096) rows(i)) TO '${file}' (FORMAT parquet, COMPRESSION uncompressed, ROW_GROUP_SIZE 2048)`,
    );
    const database = new TableDatabase();
    const cells = new ParquetCells(database, file);
    const [bytes] = await cells.leavesOf('images');
    expect(await cells.alwaysOne(bytes!)).toBe(true);
    const before = bytesRead();
    const [image] = await cells.cell(bytes!, 4000);
    expect(image?.length).toBe(3_200);
    expect(bytesRead() - before).toBeLessThan(7e6);
    await database.dispose();
  });

  it('says which row of which file is damaged', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'damaged.parquet');
    await writeTables(`COPY (SELECT repeat(md5(i::VARCHAR), 100)::BLOB AS image FROM range(100) rows(i)) TO '${file}'`);
    const content = readFileSync(file);
    content.fill(0xff, 4, 2000);
    writeFileSync(file, content);
    const database = new TableDatabase();
    const cells = new ParquetCells(database, file);
    const [leaf] = await cells.leavesOf('image');
    await expect(cells.cell(leaf!, 3)).rejects.toThrow(/damaged\.parquet: row 3, column image cannot be read/);
    await expect(cells.cell(leaf!, 1000)).rejects.toThrow(/there is no row 1000/);
    await database.dispose();
  });
});
