/** A pressed key as tables of keys name it: arrows and pages with Alt and Shift, others as they type. */
export function pressedName({ key, shiftKey, altKey }: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey'>): string {
  return key.startsWith('Arrow') || key.startsWith('Page')
    ? `${altKey ? 'Alt+' : ''}${shiftKey ? 'Shift+' : ''}${key}`
    : key;
}

const names: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  PageDown: 'Page Down',
  PageUp: 'Page Up',
  '-': '−',
  ' ': 'Space',
};

/** A key of the table as it is printed. */
export function keyName(key: string): string {
  const [, shift = '', plain = key] = /^((?:Ctrl\+)?(?:Alt\+)?(?:Shift\+)?)(.+)$/.exec(key) ?? [];
  const upper = /^[A-Z]$/.test(plain) ? `Shift+${plain}` : plain;
  return `${shift}${names[plain] ?? (/^[a-z]$/.test(plain) ? plain.toUpperCase() : upper)}`;
}

/** One row of a sheet of keys. */
export interface HelpRow {
  readonly topic: string;
  readonly label: string;
  readonly keys: readonly string[];
}

/** A table of keys for a reader: one row for each meaning, with all its keys. */
export function helpRows(table: readonly HelpRow[]): readonly HelpRow[] {
  const rows = new Map<string, { topic: string; label: string; keys: string[] }>();
  for (const { topic, label, keys } of table) {
    const row = rows.get(`${topic}:${label}`) ?? { topic, label, keys: [] };
    const range = keys.length > 3 ? [`${keyName(keys[0] ?? '')} – ${keyName(keys.at(-1) ?? '')}`] : null;
    const printed =
      range ??
      keys.map((key) =>
        label.startsWith('Move') && key.includes('Arrow') ? key.replace(/Arrow.*/, 'Arrows') : keyName(key),
      );
    row.keys.push(...printed.filter((name) => !row.keys.includes(name)));
    rows.set(`${topic}:${label}`, row);
  }
  return [...rows.values()];
}
