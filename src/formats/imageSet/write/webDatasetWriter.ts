import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import { jsonNode } from '../json/jsonNode';
import { headerBytes, lengthFields, padding } from '../tarWalk';
import { type Sample, samplesOf, webDataset } from '../webDataset';
import type { SortedChanges } from './changes';
import type { Edit } from './edits';
import type { ImageSetWriter } from './imageSetWriter';
import { JsonEdits } from './jsonEdits';
import { fileEach, type RecordToEdit, recordWriter } from './recordWriter';
import { editObjects } from './rowWriters';

type Member = Sample['members'][number];

/**
 * WebDataset's tars: the `cls` and the `objects` in the `json` of edited samples. A member that changes gets its length and its sum
 * in the header; every other byte of the archive stays.
 */
export const webDatasetWriter: ImageSetWriter = recordWriter(webDataset, (record) => sampleEdits(record), fileEach);

async function sampleEdits(record: RecordToEdit): Promise<readonly Edit[]> {
  const { bytes, base, changed, removed, added, notes } = record;
  const source = {
    path: '',
    size: async () => bytes.length,
    read: async (at: number, count: number) => bytes.slice(at, at + count),
  };
  const samples = samplesOf(source, () => undefined);
  const { members } = (await samples.next()).value as Sample;
  const isTag = ({ shape }: DatasetAnnotation) => shape.kind === 'tag';
  const edits: Edit[] = [];
  const cls = members.find(({ ending }) => ending === 'cls');
  const [tag] = changed.filter(({ before }) => isTag(before));
  const gone = removed.some(isTag);
  if (cls !== undefined && gone) edits.push({ offset: cls.start, length: cut(cls) - cls.start, text: '' });
  else if (cls !== undefined && tag !== undefined) {
    const text = new TextDecoder().decode(bytes.subarray(cls.offset, cls.offset + cls.length));
    // What stands around the class, a line break as a rule, stays.
    const fresh = {
      offset: cls.offset,
      length: cls.length,
      text: text.replace(text.trim(), () => tag.after.label ?? ''),
    };
    edits.push(...memberEdits(bytes, cls, [fresh]));
  }
  for (const _ of added.filter(isTag)) notes.warn('cls', 'A class cannot be added to a sample of the archive');
  const boxes: SortedChanges = {
    changed: changed.filter(({ before }) => !isTag(before)),
    removed: removed.filter((one) => !isTag(one)),
    added: added.filter((one) => !isTag(one)),
  };
  if (boxes.changed.length + boxes.removed.length + boxes.added.length > 0)
    edits.push(
      ...objectEdits(
        record,
        members.find(({ ending }) => ending === 'json'),
        boxes,
      ),
    );
  return edits.map((edit) => ({ ...edit, offset: edit.offset + base }));
}

/** Boxes in the sample's `json`, in the bytes of the sample. */
function objectEdits(
  { bytes, notes }: RecordToEdit,
  json: Member | undefined,
  changes: SortedChanges,
): readonly Edit[] {
  if (json === undefined) {
    notes.warn('objects', 'The sample has no json that boxes could stand in: it stays as it was');
    return [];
  }
  const document = bytes.subarray(json.offset, json.offset + json.length);
  const edits = new JsonEdits(document, json.offset);
  editObjects(jsonNode(document), document, edits, changes, notes);
  return memberEdits(bytes, json, edits.edits);
}

/** Edits of a member's contents with what follows from them in its header and behind it. */
function memberEdits(bytes: Uint8Array, member: Member, contents: readonly Edit[]): readonly Edit[] {
  const grown = contents.reduce((sum, { length, text }) => sum + new TextEncoder().encode(text).length - length, 0);
  const length = member.length + grown;
  const header = member.offset - headerBytes;
  const fields = lengthFields(bytes.subarray(header, member.offset), length);
  const end = member.offset + member.length;
  return [
    ...fields.map(([at, text]) => ({ offset: header + at, length: text.length, text })),
    ...contents,
    { offset: end, length: padding(member.length).length, text: padding(length) },
  ];
}

function cut({ offset, length }: Member): number {
  return offset + length + padding(length).length;
}
