/** Field names of a DuckDB `STRUCT(a VARCHAR, "b c" BLOB[])` type, with their types; empty for any other type. */
export function structFields(type: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  const inner = /^STRUCT\((.*)\)$/s.exec(type)?.[1];
  if (inner === undefined) return fields;
  for (const part of topLevelParts(inner)) {
    const match = /^\s*(?:"((?:[^"]|"")*)"|(\S+))\s+(.*)$/s.exec(part);
    const name = match?.[1]?.replaceAll('""', '"') ?? match?.[2];
    if (name !== undefined && match?.[3] !== undefined) fields.set(name, match[3]);
  }
  return fields;
}

function topLevelParts(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (char === '(') depth++;
    else if (char === ')') depth--;
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
