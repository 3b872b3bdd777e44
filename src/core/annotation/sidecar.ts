import type { JsonValue } from '../text/jsonValue';
import { type AnnotationRecord, idOf } from './annotation';
import { checkedNotes } from './noteShapes';

/** Version of the format written here. A file of a newer one is shown and never written. */
export const sidecarVersion = 1;

/** The log a sidecar belongs to, as it was at the last save. */
export interface LogFingerprint {
  /** SHA-256 of the log's first 64 KB, hexadecimal. */
  readonly head: string;
  /** Bytes. */
  readonly size: number;
}

/** UTF-16 units: a trainer's own group id may be long. */
const maxKey = 5000;

export interface SidecarHeader {
  readonly version: number;
  readonly log: LogFingerprint;
}

/** A sidecar as read: what is wrong in a line is told by its 1-based number, and the other lines stand. */
export interface ReadSidecar<T = AnnotationRecord> {
  readonly header: SidecarHeader;
  /** In file order; of two lines for one record the later stands. */
  readonly records: readonly T[];
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

/**
 * Reads a sidecar (`docs/sidecar.md`): JSON Lines, a header, then a record a line. A torn last line, from a crash while it
 * was appended, is passed over. Null when the first line is no header.
 */
export function readSidecar(text: string): ReadSidecar | null {
  return read(text, (record) => record);
}

/** The same, each record as the JSON text of its line: of 100,000 records one at a time is held, and nothing waits for garbage. */
export function readSidecarLines(text: string): ReadSidecar<string> | null {
  return read(text, (_, line) => line);
}

function read<T>(text: string, keep: (record: AnnotationRecord, line: string) => T): ReadSidecar<T> | null {
  const lines = text.split('\n');
  const header = headerOf(lines[0] ?? '');
  if (header === null) return null;
  const found = new Map<string, T>();
  const problems: { line: number; message: string }[] = [];
  lines.slice(1).forEach((line, i) => {
    if (line.trim() === '') return;
    const value = parsed(line);
    const torn = value === undefined && i === lines.length - 2;
    if (torn) return;
    const told = value === undefined ? 'is no JSON' : recordOf(value);
    if (typeof told === 'string') problems.push({ line: i + 2, message: told });
    else {
      const { record } = told;
      const id = idOf(record);
      found.delete(id);
      // A line without notes says that its record was taken away after it was written.
      if (Object.keys(record.notes).length > 0) found.set(id, keep(record, told.asWritten ? line : recordLine(record)));
      for (const message of told.troubles) problems.push({ line: i + 2, message });
    }
  });
  return { header, records: [...found.values()], problems };
}

/** The whole file, records by line of the log, so that two people's files differ only where they do. */
export function writeSidecar(log: LogFingerprint, records: Iterable<AnnotationRecord>): string {
  const header: SidecarHeader = { version: sidecarVersion, log };
  const sorted = [...records].sort(
    (a, b) => a.hints.line - b.hints.line || compare(a.kind, b.kind) || compare(a.key, b.key),
  );
  return [JSON.stringify({ saccade: 'annotations', ...header }), ...sorted.map(recordLine), ''].join('\n');
}

/** One record as a line, without its newline; its members always in the same order. */
export function recordLine({ kind, key, hints, notes }: AnnotationRecord): string {
  return JSON.stringify({ kind, key, hints, notes: sortedKeys(notes as unknown as JsonValue) });
}

function headerOf(line: string): SidecarHeader | null {
  const value = parsed(line);
  if (!isObject(value) || value.saccade !== 'annotations' || typeof value.version !== 'number') return null;
  const log = isObject(value.log) ? value.log : {};
  const { head = '', size = 0 } = log;
  if (typeof head !== 'string' || typeof size !== 'number') return null;
  return { version: value.version, log: { head, size } };
}

interface ReadRecord {
  readonly record: AnnotationRecord;
  readonly troubles: readonly string[];
  /** Its line says what the record holds, and nothing that was not checked. */
  readonly asWritten: boolean;
}

function recordOf(value: JsonValue): string | ReadRecord {
  if (!isObject(value)) return 'is no object';
  const { kind, key, hints, notes } = value;
  if (kind !== 'rollout' && kind !== 'group' && kind !== 'image')
    return '"kind" is none of "rollout", "group" and "image"';
  if (typeof key !== 'string' || key === '' || key.length > maxKey) return '"key" is no text';
  const told = isObject(hints) ? hints : {};
  const line = typeof told.line === 'number' ? told.line : 0;
  const step = typeof told.step === 'number' ? told.step : null;
  const checked = checkedNotes(kind, notes ?? null);
  const record = { kind, key, hints: { line, step }, notes: checked.notes } as AnnotationRecord;
  const asWritten =
    checked.troubles.length === 0 && told.line === line && told.step === step && Object.keys(value).length === 4;
  return { record, troubles: checked.troubles, asWritten };
}

function parsed(line: string): JsonValue | undefined {
  try {
    return JSON.parse(line) as JsonValue;
  } catch {
    return undefined;
  }
}

function isObject(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortedKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((one: JsonValue) => sortedKeys(one));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, sortedKeys(one)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => compare(a, b)));
}

/** By code unit: the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
