import { type FileHandle, open } from 'node:fs/promises';
import type { ColumnChunk, LeafColumn } from './leafColumn';
import {
  decompress,
  dictionaryIndex,
  type Levels,
  levelsOf,
  levelsOfV2,
  plainValue,
  repetitionBytes,
  repetitionOf,
  UnsupportedPage,
} from './pageBody';
import { HeaderTooShort, type PageHeader, readPageHeader } from './pageHeader';

interface Page {
  readonly header: PageHeader;
  /** File offset of the body. */
  readonly at: number;
  /** Rows that begin in this page are [firstRow, firstRow + rows) of the row group. */
  readonly firstRow: number;
  readonly rows: number;
  /** Its first value belongs to the row before. */
  readonly continues: boolean;
}

interface OpenPage {
  readonly page: Page;
  readonly levels: Levels;
  readonly values: Uint8Array;
}

const maxKept = 4 * 1024 * 1024;
const maxHeader = 64 * 1024 * 1024;
/** Bodies larger than this are not taken into memory. */
const maxPage = 1024 * 1024 * 1024;

/**
 * Reads single cells of one leaf in one row group by walking its page headers, so that a cell costs the page it stands in.
 * (DuckDB fetches the whole column chunk for a row: with pyarrow's default of one row group a file, that is every image.)
 * Pages walked are remembered.
 */
export class CellReader {
  private readonly pages: Page[] = [];
  private dictionary: { readonly header: PageHeader; readonly at: number } | null = null;
  private next: number;
  private rowsSeen = 0;
  private last: OpenPage | null = null;

  constructor(
    private readonly file: string,
    private readonly leaf: LeafColumn,
    private readonly chunk: ColumnChunk,
  ) {
    this.next = chunk.start;
  }

  /**
   * The elements of the cell in row `row` of the row group (one for a column that is no list), null where an element is
   * null. Throws `UnsupportedPage` where only DuckDB can read it.
   */
  async cell(row: number): Promise<readonly (Uint8Array | null)[]> {
    const handle = await open(this.file, 'r');
    try {
      const elements: (Uint8Array | null)[] = [];
      for (let index = await this.pageOf(handle, row); ; index++) {
        const page = await this.page(handle, index);
        if (page === null || (page.firstRow > row && !page.continues)) return elements;
        elements.push(...(await this.elementsIn(handle, page, row)));
        if (page.rows > 0 && page.firstRow + page.rows - 1 > row) return elements;
        if (this.oneValueARow) return elements;
      }
    } finally {
      await handle.close();
    }
  }

  private get oneValueARow(): boolean {
    return this.leaf.maxRepetition === 0 || this.chunk.values === this.chunk.rows;
  }

  private async pageOf(handle: FileHandle, row: number): Promise<number> {
    for (let index = 0; ; index++) {
      const page = await this.page(handle, index);
      if (page === null) throw new Error(`row ${row} is beyond the pages of its row group`);
      if (row < page.firstRow + page.rows) return index;
    }
  }

  private async page(handle: FileHandle, index: number): Promise<Page | null> {
    while (this.pages.length <= index) {
      if (this.next >= this.chunk.end) return null;
      const header = await readHeader(handle, this.next, this.chunk.end);
      const at = this.next + header.length;
      if (header.compressedSize < 0 || header.compressedSize > maxPage || header.uncompressedSize > maxPage)
        throw new UnsupportedPage('a page of more than 1 GB');
      const holdsData = header.kind === 'data' || header.kind === 'dataV2';
      if (holdsData && (header.values < 0 || header.values > this.chunk.values))
        throw new Error('a page claims more values than its column has');
      if (header.kind === 'dictionary') this.dictionary = { header, at };
      if (holdsData) {
        const { rows, continues } = await this.rowsOf(handle, header, at);
        this.pages.push({ header, at, firstRow: this.rowsSeen, rows, continues });
        this.rowsSeen += rows;
      }
      // Only now: a page whose rows could not be counted is met again by the next cell.
      this.next = at + header.compressedSize;
    }
    return this.pages[index] ?? null;
  }

  private async rowsOf(handle: FileHandle, header: PageHeader, at: number) {
    if (header.rows !== null) return { rows: header.rows, continues: false };
    if (this.oneValueARow) return { rows: header.values, continues: false };
    const levels = await this.repetitionLevels(handle, header, at);
    let rows = 0;
    for (const level of levels) if (level === 0) rows++;
    return { rows, continues: levels.length > 0 && levels[0] !== 0 };
  }

  private async repetitionLevels(handle: FileHandle, header: PageHeader, at: number): Promise<Uint32Array> {
    const wanted = repetitionBytes(header, this.leaf);
    const codec = this.chunk.compression;
    const stopsEarly = codec === 'UNCOMPRESSED' || codec === 'SNAPPY';
    const length = stopsEarly ? Math.min(wanted * 2 + 1024, header.compressedSize) : header.compressedSize;
    const bytes = await readExactly(handle, at, length);
    return repetitionOf(headOf(codec, bytes, header, wanted), header, this.leaf);
  }

  private async elementsIn(handle: FileHandle, page: Page, row: number): Promise<(Uint8Array | null)[]> {
    const { header } = page;
    const { levels, values } = await this.opened(handle, page);
    const elements: (Uint8Array | null)[] = [];
    let current = page.firstRow - 1;
    let ordinal = 0;
    for (let i = 0; i < header.values; i++) {
      if ((levels.repetition[i] ?? 0) === 0) current++;
      if (current > row) break;
      const definition = levels.definition[i] ?? 0;
      const present = definition === this.leaf.maxDefinition;
      if (current === row && definition >= this.leaf.elementDefinition)
        elements.push(present ? await this.value(handle, header, values, ordinal) : null);
      if (present) ordinal++;
    }
    return elements;
  }

  /** Small pages (paths) are kept: the rows of neighbouring groups stand in the same one. */
  private async opened(handle: FileHandle, page: Page): Promise<OpenPage> {
    if (this.last?.page === page) return this.last;
    const bytes = await readExactly(handle, page.at, page.header.compressedSize);
    const opened = { page, ...this.open(bytes, page.header) };
    this.last = page.header.uncompressedSize <= maxKept ? opened : null;
    return opened;
  }

  private open(bytes: Uint8Array, header: PageHeader): { levels: Levels; values: Uint8Array } {
    const codec = this.chunk.compression;
    if (header.kind === 'data') {
      const body = decompress(codec, bytes, header.uncompressedSize);
      const levels = levelsOf(body, header, this.leaf);
      return { levels, values: body.subarray(levels.valuesAt) };
    }
    const levelBytes = header.repetitionBytes + header.definitionBytes;
    const rest = bytes.subarray(levelBytes);
    const values = header.valuesCompressed ? decompress(codec, rest, header.uncompressedSize - levelBytes) : rest;
    return { levels: levelsOfV2(bytes, header, this.leaf), values };
  }

  private async value(
    handle: FileHandle,
    header: PageHeader,
    values: Uint8Array,
    ordinal: number,
  ): Promise<Uint8Array> {
    // A copy: the value would hold its whole page.
    if (header.encoding === 0) return plainValue(values, ordinal).slice();
    if ((header.encoding === 2 || header.encoding === 8) && this.dictionary !== null) {
      const { header: page, at } = this.dictionary;
      const body = decompress(
        this.chunk.compression,
        await readExactly(handle, at, page.compressedSize),
        page.uncompressedSize,
      );
      return plainValue(body, dictionaryIndex(values, ordinal)).slice();
    }
    throw new UnsupportedPage(`encoding ${header.encoding}`);
  }
}

function headOf(codec: string, bytes: Uint8Array, header: PageHeader, wanted: number): Uint8Array {
  return decompress(codec, bytes, header.uncompressedSize, Math.min(wanted, header.uncompressedSize));
}

async function readHeader(handle: FileHandle, at: number, end: number): Promise<PageHeader> {
  for (let length = 256; ; length *= 16) {
    const bytes = await readExactly(handle, at, Math.min(length, end - at));
    try {
      return readPageHeader(bytes);
    } catch (error) {
      // Statistics of large values make large headers.
      if (!(error instanceof HeaderTooShort) || at + length >= end || length > maxHeader) throw error;
    }
  }
}

async function readExactly(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) throw new Error('the file ends within a page');
    filled += bytesRead;
  }
  return bytes;
}
