import type { JsonValue } from '../../../../core/text/jsonValue';
import { parseTolerantJson } from '../../../../core/text/tolerantJson';
import { isObject } from '../../../../formats/columns';
import { hasUtf8Mark, utf8MarkLength } from '../../../../formats/encoding';
import type { ScanPace } from '../setReader';
import type { CocoProblems } from './cocoProblems';
import type { CocoList, CocoStretch } from './cocoStretch';
import type { CocoTables } from './cocoTables';
import type { FileWindow } from './fileWindow';
import type { ReadList } from './readList';

const quote = 34;
const comma = 44;
const colon = 58;
const openList = 91;
const openObject = 123;
const closeObject = 125;

/** Categories with names, synonyms and definitions take a few hundred bytes each. */
const mostCategoryBytes = 64 * 2 ** 20;
const longestKey = 1024;

const cutOff = 'The document is cut off here: its writer stopped in the middle of it, or is still writing.';
const broken = 'The document is broken here. What follows is not read.';

/**
 * Goes through one COCO document from its first byte to its last without ever holding it: its lists are read in whatever
 * order they stand, everything else is passed over.
 */
export class CocoScan {
  private readonly seen = new Set<string>();

  constructor(
    private readonly window: FileWindow,
    private readonly tables: CocoTables,
    private readonly problems: CocoProblems,
    private readonly readList: ReadList,
    private readonly pace: ScanPace,
  ) {}

  async run(): Promise<void> {
    const { window } = this;
    const start = await window.space(hasUtf8Mark(await window.slice(0, utf8MarkLength)) ? utf8MarkLength : 0);
    const first = await window.byte(start);
    if (first === openList) await this.list('annotations', start + 1);
    else if (first === openObject) await this.members(start + 1);
    else this.problems.add(broken, { offset: start });
    this.tables.finish();
    await this.problems.countLines(window);
  }

  /** The members of the document's object. */
  private async members(from: number): Promise<void> {
    const { window } = this;
    let at = from;
    for (;;) {
      at = await window.space(at);
      const byte = await window.byte(at);
      if (byte === closeObject) return this.missing();
      if (byte === comma) at++;
      else {
        const behind = byte === quote ? await this.member(at) : this.stop(at, byte);
        if (behind === null) return;
        at = behind;
      }
    }
  }

  /** The offset behind a key and its value; null where nothing more can be read. */
  private async member(at: number): Promise<number | null> {
    const { window } = this;
    const keyEnd = await window.skip(at, this.pace);
    if (typeof keyEnd !== 'number') return this.stop(window.size, -1);
    const written = keyEnd - at > longestKey ? '""' : (await window.slice(at, keyEnd - at)).toString('utf8');
    const key = keyOf(written);
    const behind = await window.space(keyEnd);
    if ((await window.byte(behind)) !== colon) return this.stop(behind, await window.byte(behind));
    const value = await window.space(behind + 1);
    const isList = (await window.byte(value)) === openList;
    if (isList && (key === 'images' || key === 'annotations')) {
      this.seen.add(key);
      return this.list(key, value + 1);
    }
    const end = await window.skip(value, this.pace);
    if (typeof end !== 'number') {
      this.problems.add(end.trouble ?? cutOff, { offset: value, field: key });
      return null;
    }
    if (isList && key === 'categories') await this.categories(value, end);
    return end;
  }

  private async list(list: CocoList, from: number): Promise<number | null> {
    const take = (stretch: CocoStretch) =>
      list === 'images' ? this.tables.images(stretch) : this.tables.annotations(stretch);
    const { end, ended } = await this.readList(list, from, take, this.pace);
    if (list === 'images') this.tables.imagesDone();
    if (ended === 'list') return end;
    return this.stop(end, ended === 'file' ? -1 : 0);
  }

  private async categories(from: number, to: number): Promise<void> {
    this.seen.add('categories');
    if (to - from > mostCategoryBytes) {
      this.problems.add('The categories are too large to be read.', { offset: from, field: 'categories' });
      return;
    }
    let value: JsonValue;
    try {
      value = parseTolerantJson((await this.window.slice(from, to - from)).toString('utf8'));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.problems.add(`The categories cannot be read: ${error.message}`, { offset: from, field: 'categories' });
      return;
    }
    (value as readonly JsonValue[]).forEach((category, index) => {
      if (isObject(category)) this.tables.category(category, index);
      else this.problems.add('The category is no object.', { offset: from, element: index, field: 'categories' });
    });
  }

  private missing(): void {
    for (const list of ['images', 'annotations', 'categories'])
      if (!this.seen.has(list))
        this.problems.add(`The document has no list "${list}".`, {
          field: list,
          severity: list === 'images' ? 'error' : 'warning',
        });
  }

  /** Nothing is read from here on. @param byte what stands there; −1 for the document's end. */
  private stop(at: number, byte: number): null {
    this.problems.add(byte < 0 ? cutOff : broken, { offset: Math.min(at, this.window.size) });
    return null;
  }
}

function keyOf(written: string): string {
  try {
    return String(JSON.parse(written));
  } catch {
    return '';
  }
}
