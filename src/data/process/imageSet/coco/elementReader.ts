import type { Box } from '../../../../core/geometry/box';
import { tolerantJsonOrNone } from '../../../../core/text/tolerantJson';
import { isObject } from '../../../../formats/columns';
import { boxOfCocoShape, cocoShape } from '../../../../formats/imageSet/coco/cocoShape';
import type { CocoColumns } from './cocoColumns';
import { type CocoList, cocoFlag } from './cocoStretch';
import { cut, type JsonCursor, malformed } from './jsonCursor';

const quote = 34;
const comma = 44;
const colon = 58;
const openList = 91;
const closeList = 93;
const openObject = 123;
const closeObject = 125;
const letterT = 116;
const letterF = 102;
const letterN = 110;

/** What of an element's fields is read; everything else is passed over. */
type Field =
  | 'id'
  | 'file_name'
  | 'coco_url'
  | 'width'
  | 'height'
  | 'video_id'
  | 'frame_id'
  | 'frame_index'
  | 'image_id'
  | 'category_id'
  | 'bbox'
  | 'area'
  | 'score'
  | 'iscrowd'
  | 'ignore'
  | 'segmentation';

const ofImages: readonly Field[] = [
  'id',
  'file_name',
  'coco_url',
  'width',
  'height',
  'video_id',
  'frame_id',
  'frame_index',
];
const ofAnnotations: readonly Field[] = [
  'id',
  'image_id',
  'category_id',
  'bbox',
  'area',
  'score',
  'iscrowd',
  'ignore',
  'segmentation',
];
/** A longer text is no name of a file, and no id. */
const longestText = 4096;

/** Reads elements of a COCO list into columns, field by field, from their bytes. */
export class ElementReader {
  /** Fields by the length of their names. */
  private readonly fields: readonly (readonly { readonly name: Buffer; readonly field: Field }[])[];

  constructor(
    list: CocoList,
    private readonly cursor: JsonCursor,
    private readonly columns: CocoColumns,
  ) {
    const fields: { name: Buffer; field: Field }[][] = [];
    for (const field of list === 'images' ? ofImages : ofAnnotations) {
      const name = Buffer.from(field);
      fields[name.length] = [...(fields[name.length] ?? []), { name, field }];
    }
    this.fields = fields;
  }

  /** The element at `from`, whose first byte is `{`: the position behind it, `cut`, or `malformed`. */
  read(from: number): number {
    const { cursor } = this;
    const { bytes } = cursor;
    let at = cursor.space(from + 1);
    if (bytes[at] === closeObject && at < cursor.end) return at + 1;
    for (;;) {
      if (at >= cursor.end) return cut;
      if (bytes[at] !== quote) return malformed;
      const name = at + 1;
      const nameEnd = cursor.textEnd(name);
      if (nameEnd < 0) return cut;
      const field = cursor.escaped ? this.escapedField(name, nameEnd) : this.field(name, nameEnd);
      at = cursor.space(nameEnd + 1);
      if (at >= cursor.end) return cut;
      if (bytes[at] !== colon) return malformed;
      at = cursor.space(at + 1);
      if (at >= cursor.end) return cut;
      at = field === null ? cursor.skip(at) : this.take(field, at);
      if (at < 0) return at;
      at = cursor.space(at);
      if (at >= cursor.end) return cut;
      const byte = bytes[at];
      if (byte === closeObject) return at + 1;
      if (byte !== comma) return malformed;
      at = cursor.space(at + 1);
    }
  }

  /** Gives the element at [from, to), which was read, the box around its mask where it states none, as results of masks do. */
  enclose(from: number, to: number): void {
    if (!this.columns.lacksBox) return;
    const box = boxOfElement(this.cursor.bytes.toString('utf8', from, to));
    if (box === null) return;
    const { x1, y1, x2, y2 } = box;
    [x1, y1, x2 - x1, y2 - y1].forEach((value, part) => {
      this.columns.box(part, value);
    });
  }

  private field(from: number, to: number): Field | null {
    const { bytes } = this.cursor;
    const length = to - from;
    for (const { name, field } of this.fields[length] ?? []) {
      let i = 0;
      while (i < length && bytes[from + i] === name[i]) i++;
      if (i === length) return field;
    }
    return null;
  }

  private escapedField(from: number, to: number): Field | null {
    const text = this.cursor.text(from, to);
    return this.fields.flat().find(({ field }) => field === text)?.field ?? null;
  }

  /** Answers the position behind the value. */
  private take(field: Field, at: number): number {
    const { columns } = this;
    switch (field) {
      case 'id':
        return this.id('ids', field, at);
      case 'image_id':
        return this.id('images', field, at);
      case 'category_id':
        return this.id('categories', field, at);
      case 'file_name':
        return this.fileName(field, at, true);
      case 'coco_url':
        return this.fileName(field, at, !columns.hasFile);
      case 'width':
        return this.number('widths', field, at);
      case 'height':
        return this.number('heights', field, at);
      case 'video_id':
        return this.frame('videos', at);
      case 'frame_id':
      case 'frame_index':
        return this.frame('frames', at);
      case 'area':
        return this.number('areas', field, at);
      case 'score':
        return this.number('scores', field, at);
      case 'iscrowd':
        return this.truth(cocoFlag.crowd, field, at);
      case 'ignore':
        return this.truth(cocoFlag.ignore, field, at);
      case 'bbox':
        return this.box(at);
      case 'segmentation': {
        const byte = this.cursor.bytes[at] ?? 0;
        if (byte === openList || byte === openObject) columns.flag(cocoFlag.segmented);
        return this.cursor.skip(at);
      }
    }
  }

  private id(of: 'ids' | 'images' | 'categories', field: Field, at: number): number {
    const { cursor, columns } = this;
    const byte = cursor.bytes[at] ?? 0;
    if (byte === quote) {
      const end = cursor.textEnd(at + 1);
      if (end < 0) return cut;
      const text = end - at > longestText ? null : cursor.text(at + 1, end);
      if (text === null) columns.trouble(field, `"${field}" is a text that cannot be an id.`);
      // A text of digits is not the number.
      else columns.id(of, Number.NaN, `"${text}`);
      return end + 1;
    }
    if (!isNumberStart(byte)) return this.wrong(field, 'an id', at, byte === letterN);
    const behind = cursor.number(at);
    if (behind < 0) return behind;
    if (Number.isNaN(cursor.value)) columns.trouble(field, `"${field}" is NaN.`);
    else columns.id(of, cursor.value, cursor.isLong ? cursor.bytes.toString('latin1', at, behind) : null);
    return behind;
  }

  private number(of: 'widths' | 'heights' | 'areas' | 'scores', field: Field, at: number): number {
    const { cursor, columns } = this;
    const byte = cursor.bytes[at] ?? 0;
    if (!isNumberStart(byte)) return this.wrong(field, 'a number', at, byte === letterN);
    const behind = cursor.number(at);
    if (behind < 0) return behind;
    if (Number.isFinite(cursor.value)) columns.number(of, cursor.value);
    else {
      columns.number(of, Number.NaN);
      columns.trouble(field, `"${field}" is ${cursor.value}.`);
    }
    return behind;
  }

  /** No field of COCO's own: what is no number means something else. */
  private frame(of: 'videos' | 'frames', at: number): number {
    const { cursor, columns } = this;
    if (!isNumberStart(cursor.bytes[at] ?? 0)) return cursor.skip(at);
    const behind = cursor.number(at);
    if (behind >= 0 && Number.isFinite(cursor.value)) columns.number(of, cursor.value);
    return behind;
  }

  /** 0 and 1, or true and false. */
  private truth(bit: number, field: Field, at: number): number {
    const { cursor, columns } = this;
    const byte = cursor.bytes[at] ?? 0;
    if (byte === letterT || byte === letterF) {
      if (byte === letterT) columns.flag(bit);
      else columns.unflag(bit);
      return cursor.skip(at);
    }
    if (!isNumberStart(byte)) return this.wrong(field, '0 or 1', at, byte === letterN);
    const behind = cursor.number(at);
    if (behind < 0) return behind;
    if (cursor.value === 0) columns.unflag(bit);
    else columns.flag(bit);
    return behind;
  }

  private fileName(field: Field, at: number, wanted: boolean): number {
    const { cursor, columns } = this;
    if (cursor.bytes[at] !== quote) return this.wrong(field, 'a text', at, cursor.bytes[at] === letterN);
    const end = cursor.textEnd(at + 1);
    if (end < 0) return cut;
    const text = end - at > longestText ? null : cursor.text(at + 1, end);
    if (text === null) columns.trouble(field, `"${field}" is a text that cannot be a file's name.`);
    else if (wanted) columns.file(text);
    return end + 1;
  }

  private box(from: number): number {
    const { cursor, columns } = this;
    const { bytes } = cursor;
    if (bytes[from] !== openList) return this.wrong('bbox', 'four numbers', from, bytes[from] === letterN);
    let at = cursor.space(from + 1);
    let count = 0;
    let broken = false;
    while (at < cursor.end && bytes[at] !== closeList) {
      if (isNumberStart(bytes[at] ?? 0)) {
        at = cursor.number(at);
        if (at < 0) return at;
        if (!Number.isFinite(cursor.value)) broken = true;
        if (count < 4) columns.box(count, cursor.value);
      } else {
        broken = true;
        at = cursor.skip(at);
        if (at < 0) return at;
      }
      count++;
      at = cursor.space(at);
      if (bytes[at] === comma) at = cursor.space(at + 1);
      else if (at < cursor.end && bytes[at] !== closeList) return malformed;
    }
    if (at >= cursor.end) return cut;
    if (count !== 4 || broken) {
      for (let part = 0; part < 4; part++) columns.box(part, Number.NaN);
      const found = count === 4 ? 'holds something else than finite numbers' : `holds ${count} values, not 4`;
      columns.trouble('bbox', `"bbox" ${found}: the annotation has no box.`);
    }
    return at + 1;
  }

  /** Passes over a value of another kind than the field has. `null` says that there is none. */
  private wrong(field: Field, wanted: string, at: number, isNull: boolean): number {
    if (!isNull) this.columns.trouble(field, `"${field}" is not ${wanted}.`);
    return this.cursor.skip(at);
  }
}

/** Null also for masks that cannot be drawn, which is told when somebody looks at them. */
function boxOfElement(text: string): Box | null {
  const element = tolerantJsonOrNone(text);
  const shape = isObject(element) ? cocoShape(element.segmentation) : null;
  return shape === null || typeof shape === 'string' ? null : boxOfCocoShape(shape);
}

/** Digits, the minus sign, and the first letters of NaN and Infinity. */
function isNumberStart(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || byte === 45 || byte === 78 || byte === 73;
}
