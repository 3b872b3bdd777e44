import { imageMembers } from '../dataset/edit/imageNoteShapes';
import type { JsonValue } from '../text/jsonValue';
import type { AnnotationRecord } from './annotation';
import { isDrawnMask } from './maskShape';
import {
  type Check,
  isBox,
  isNumber,
  isObject,
  isText,
  isTexts,
  isTrue,
  type JsonObject,
  type Member,
  maxEntries,
} from './noteChecks';

/** What each member of a rollout's notes may hold: a note's value, or by index or name a note each. */
const rollout: Readonly<Record<string, Member>> = {
  regions: { by: 'index', value: isBox },
  components: { by: 'name', value: isNumber },
  total: { by: null, value: isNumber },
  labels: { by: 'index', value: (value) => value === -1 || value === 0 || value === 1 },
  stepRationales: { by: 'index', value: isText },
  tags: { by: null, value: isTexts },
  rationale: { by: null, value: isText },
  excluded: { by: null, value: isTrue },
  reviewed: { by: null, value: isTrue },
};
const group: Readonly<Record<string, Member>> = {
  truth: { by: 'index', value: isBox },
  masks: { by: 'name', value: isDrawnMask },
  ranking: { by: null, value: isRanking },
  excluded: { by: null, value: isTrue },
  statistics: { by: null, value: (value) => value === 'remaining' || value === 'original' },
  tags: { by: null, value: isTexts },
};

/** Of an image, names that are not known are kept; of the others they are left out: a newer version's. */
const membersOf: Readonly<Record<AnnotationRecord['kind'], Readonly<Record<string, Member>>>> = {
  rollout,
  group,
  image: imageMembers,
};

/** Notes with what is wrong in them left out, and said. */
export function checkedNotes(
  kind: AnnotationRecord['kind'],
  notes: JsonValue,
): { readonly notes: JsonObject; readonly troubles: readonly string[] } {
  const members = membersOf[kind];
  const troubles: string[] = [];
  if (!isObject(notes)) return { notes: {}, troubles: ['notes is no object'] };
  if (isWell(members, notes)) return { notes, troubles };
  const kept = Object.entries(notes).flatMap(([name, value]): [string, JsonValue][] => {
    const member = Object.hasOwn(members, name) ? members[name] : undefined;
    if (member === undefined && kind === 'image') return [[name, value]];
    if (member === undefined) {
      troubles.push(`${name.slice(0, 60)} is no note of a ${kind}`);
      return [];
    }
    if (member.by === null) return isNoted(value, member.value) ? [[name, value]] : refuse(troubles, name);
    if (!isObject(value)) return refuse(troubles, name);
    const inner = Object.entries(value)
      .slice(0, maxEntries)
      .filter(([key, one]) => {
        const good = isEntry(member, key, one);
        if (!good) troubles.push(`${name}.${key.slice(0, 60)} is not what a note of ${name} holds`);
        return good;
      });
    return inner.length === 0 ? [] : [[name, Object.fromEntries(inner)]];
  });
  return { notes: Object.fromEntries(kept), troubles };
}

/** Nothing is wrong in the notes, as in nearly all of a sidecar's 100,000: then nothing of them is copied. */
function isWell(members: Readonly<Record<string, Member>>, notes: JsonObject): boolean {
  return Object.keys(notes).every((name) => {
    const member = Object.hasOwn(members, name) ? members[name] : undefined;
    const value = notes[name];
    if (member === undefined || value === undefined) return false;
    if (member.by === null) return isNoted(value, member.value);
    if (!isObject(value)) return false;
    const keys = Object.keys(value);
    if (keys.length === 0 || keys.length > maxEntries) return false;
    return keys.every((key) => isEntry(member, key, value[key]));
  });
}

function isEntry(member: Member, key: string, value: JsonValue | undefined): boolean {
  return value !== undefined && (member.by === 'name' || /^\d{1,7}$/.test(key)) && isNoted(value, member.value);
}

/** Whether a value may stand at a path of the notes; null takes it away. */
export function isNoteAt(kind: AnnotationRecord['kind'], path: readonly string[], value: JsonValue): boolean {
  const [name, inner] = path;
  const members = membersOf[kind];
  const member = name !== undefined && Object.hasOwn(members, name) ? members[name] : undefined;
  if (member === undefined || (member.by === null) !== (inner === undefined) || path.length > 2) return false;
  if (member.by === 'index' && !/^\d{1,7}$/.test(inner ?? '')) return false;
  return value === null || isNoted(value, member.value);
}

function refuse(troubles: string[], name: string): [] {
  troubles.push(`${name} is not what a note of ${name} holds`);
  return [];
}

function isNoted(value: JsonValue, check: Check): boolean {
  return (
    isObject(value) && isText(value.author) && isText(value.time) && value.value !== undefined && check(value.value)
  );
}

/** Keys, and lists of keys that are equal. */
function isRanking(value: JsonValue): boolean {
  return (
    Array.isArray(value) && value.length <= maxEntries && value.every((one: JsonValue) => isText(one) || isTexts(one))
  );
}
