import { hasUtf8Mark, utf8MarkLength } from '../../../formats/encoding';
import { openingOf, StringSkipper, ValueSkipper } from './jsonSkipping';

/** What is wrong with a document besides what its elements hold. */
export interface DocumentTrouble {
  /** 1-based. */
  readonly line: number;
  /** Keys to the place, joined by dots; null where it has no name. */
  readonly field: string | null;
  readonly message: string;
}

/** Takes an element's bytes [start, end) in the document, with the 1-based line of its first byte. */
export type OnElement = (start: number, end: number, line: number) => void;

/** What may stand next where the document is followed token by token, which is everywhere outside values it skips. */
type Next = 'value' | 'key' | 'colon' | 'member end' | 'element' | 'element end' | 'end' | 'nothing';

const newline = 10;
const quote = 34;
const comma = 44;
const colon = 58;
const openList = 91;
const closeList = 93;
const openObject = 123;
const closeObject = 125;
/** A longer key is none that a format asks for. */
const keyBytes = 1024;

/**
 * Finds the elements of one array in a JSON document that is handed over piece by piece, so that a document of any size
 * takes the memory of its largest element. What elements hold is only skipped (strings, escapes and nesting are told
 * apart), never checked: that is for whoever parses them. NaN, Infinity and other bare words pass as values.
 */
export class ArrayElements {
  /** Offset of the first byte of the element that the pieces so far end in; null between elements. */
  openAt: number | null = null;
  private troubles: DocumentTrouble[] = [];
  private next: Next = 'value';
  /** Containers entered on the way to the array; the array itself is the last. */
  private level = 0;
  /** Whether the value that comes next is on the way. */
  private onWay = true;
  private found = false;
  private commaMissed = false;
  private openLine = 1;
  /** The bytes so far of the key that is being read. */
  private key: Buffer | null = null;
  private readonly strings = new StringSkipper();
  private readonly values = new ValueSkipper(this.strings);

  constructor(
    /** Keys from the root to the array. */
    private readonly path: readonly string[],
    private readonly onElement: OnElement,
  ) {}

  /** Nothing more can be found: the document is broken. */
  get stopped(): boolean {
    return this.next === 'nothing';
  }

  takeTroubles(): readonly DocumentTrouble[] {
    const taken = this.troubles;
    this.troubles = [];
    return taken;
  }

  /** The document's next bytes: `bytes` from `from` on; `base` is the document's offset of `bytes[0]`. Nothing is kept. */
  take(bytes: Buffer, from: number, base: number): void {
    this.strings.begin();
    let at = base + from === 0 && hasUtf8Mark(bytes) ? utf8MarkLength : from;
    while (at < bytes.length && !this.stopped) {
      if (this.key !== null) at = this.restOfKey(this.key, bytes, at);
      else if (this.values.inside) at = this.restOfValue(bytes, at, base);
      else at = this.token(bytes[at] ?? 0, at, base);
    }
  }

  /** The document has ended: notes what is missing in it. */
  end(): void {
    if (this.level === 0 && this.openAt === null && this.values.inside) this.next = 'end';
    if (this.next === 'end') {
      const name = this.path.join('.');
      if (!this.found) this.trouble(`The document has no list "${name}".`, name);
    } else if (!this.stopped) {
      const message = 'The document is cut off here: its writer stopped in the middle of it, or is still writing.';
      this.trouble(message, null, this.openAt === null ? this.strings.line : this.openLine);
    }
  }

  private token(byte: number, at: number, base: number): number {
    if (byte === newline) this.strings.line++;
    if (byte === 32 || byte === newline || byte === 13 || byte === 9) return at + 1;
    switch (this.next) {
      case 'value':
        this.value(byte);
        break;
      case 'key':
        if (byte === quote) {
          this.key = Buffer.alloc(0);
          this.strings.start();
        } else if (byte === closeObject) this.leave();
        else this.unexpected(byte, 'a key');
        break;
      case 'colon':
        if (byte === colon) this.next = 'value';
        else this.unexpected(byte, '":"');
        break;
      case 'member end':
        if (byte === comma) this.next = 'key';
        else if (byte === closeObject) this.leave();
        else this.unexpected(byte, '"," or "}"');
        break;
      case 'element':
        if (byte !== comma) this.element(byte, base + at);
        break;
      case 'element end':
        return this.elementEnd(byte) ? at + 1 : at;
      default:
        this.unexpected(byte, 'the end of the document');
    }
    return at + 1;
  }

  private element(byte: number, offset: number): void {
    if (byte === closeList) this.leave();
    else if (byte === closeObject || byte === colon) this.unexpected(byte, 'an element');
    else {
      this.openAt = offset;
      this.openLine = this.strings.line;
      this.values.start(byte);
    }
  }

  /** False when the byte begins the next element: a missing comma costs no row. */
  private elementEnd(byte: number): boolean {
    if (byte === closeList) this.leave();
    else this.next = 'element';
    if (byte === comma || byte === closeList) return true;
    if (!this.commaMissed) this.trouble('Between two elements a comma is missing.', this.name);
    this.commaMissed = true;
    return false;
  }

  /** A value outside the array: entered when it is on the way, else skipped. */
  private value(byte: number): void {
    const last = this.level === this.path.length;
    if (byte === comma || byte === closeObject || byte === closeList || byte === colon)
      this.unexpected(byte, 'a value');
    else if (this.onWay && byte === (last ? openList : openObject)) {
      this.level++;
      this.found ||= last;
      this.next = last ? 'element' : 'key';
    } else {
      if (this.onWay) this.wrongType(byte, last);
      this.values.start(byte);
    }
  }

  private wrongType(byte: number, last: boolean): void {
    const name = this.level === 0 ? 'The document' : `"${this.name}"`;
    this.trouble(`${name} is ${openingOf(byte)} where ${last ? 'a list' : 'an object'} is expected.`, this.name);
    this.found = true;
  }

  private restOfKey(known: Buffer, bytes: Buffer, at: number): number {
    const end = this.strings.rest(bytes, at);
    const more = bytes.subarray(at, Math.min(end, at + Math.max(0, keyBytes - known.length)));
    const key = Buffer.concat([known, more]);
    this.key = this.strings.inside ? key : null;
    if (this.strings.inside) return end;
    this.next = 'colon';
    this.onWay = keyText(key) === this.path[this.level - 1];
    if (this.onWay && this.found) {
      const message = `"${this.name}" stands in the document more than once; the first is read, this one is not.`;
      this.trouble(message, this.name);
      this.onWay = false;
    }
    return end;
  }

  private restOfValue(bytes: Buffer, from: number, base: number): number {
    const at = this.values.rest(bytes, from);
    if (this.values.trouble !== null) this.stop(this.values.trouble);
    else if (!this.values.inside) this.valueEnded(base + at);
    return at;
  }

  private valueEnded(end: number): void {
    if (this.openAt === null) {
      this.next = this.level === 0 ? 'end' : 'member end';
      return;
    }
    this.onElement(this.openAt, end, this.openLine);
    this.openAt = null;
    this.next = 'element end';
  }

  /** The array, or an object on the way to it, has ended. */
  private leave(): void {
    this.level--;
    this.next = this.level === 0 ? 'end' : 'member end';
  }

  /** Keys to the value that comes next, or to the array. */
  private get name(): string {
    return this.path.slice(0, this.level).join('.');
  }

  private unexpected(byte: number, wanted: string): void {
    const shown = byte > 32 && byte < 127 ? `"${String.fromCharCode(byte)}"` : `byte 0x${byte.toString(16)}`;
    this.stop(`The document is broken here: ${shown} stands where ${wanted} is expected. What follows is not read.`);
  }

  private stop(message: string): void {
    this.trouble(message, null);
    this.openAt = null;
    this.next = 'nothing';
  }

  private trouble(message: string, field: string | null, line = this.strings.line): void {
    this.troubles.push({ line, field: field === '' ? null : field, message });
  }
}

/** The key whose bytes, closing quote included, are given; null when it is no JSON text. */
function keyText(bytes: Buffer): string | null {
  try {
    const key: unknown = JSON.parse(`"${bytes.toString('utf8')}`);
    return typeof key === 'string' ? key : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
