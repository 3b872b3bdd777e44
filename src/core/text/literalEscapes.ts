import type { LiteralGrammar } from './literalReader';

const COMMON: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const JSON_ONLY: Readonly<Record<string, string>> = { '/': '/' };
const PYTHON_ONLY: Readonly<Record<string, string>> = { "'": "'", a: '\x07', v: '\v', '0': '\0' };
/** Digits after the letter of an escape that names a code point. */
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const HEX = /^[0-9a-fA-F]+$/;

/**
 * The text that a string literal's inside stands for. `fail` is called with the offset of an escape the grammar does
 * not know; Python keeps such a backslash, JSON refuses it.
 */
export function decodeEscapes(raw: string, grammar: LiteralGrammar, fail: (offset: number) => never): string {
  const native = grammar === 'json' ? decodeNatively(raw) : null;
  if (native !== null) return native;
  const simple = { ...COMMON, ...(grammar === 'json' ? JSON_ONLY : PYTHON_ONLY) };
  const pieces: string[] = [];
  let from = 0;
  for (let i = raw.indexOf('\\'); i !== -1; i = raw.indexOf('\\', from)) {
    pieces.push(raw.slice(from, i));
    const letter = raw[i + 1] ?? '';
    const plain = Object.hasOwn(simple, letter) ? simple[letter] : undefined;
    const digits = letter === 'u' || grammar === 'python' ? (HEX_DIGITS[letter] ?? 0) : 0;
    if (plain !== undefined) {
      pieces.push(plain);
    } else if (digits > 0) {
      const hex = raw.slice(i + 2, i + 2 + digits);
      const code = hex.length === digits && HEX.test(hex) ? Number.parseInt(hex, 16) : -1;
      if (code < 0 || code > 0x10ffff) fail(i);
      pieces.push(String.fromCodePoint(code));
    } else if (grammar === 'python') {
      pieces.push(`\\${letter}`);
    } else {
      fail(i);
    }
    from = i + 2 + (plain === undefined ? digits : 0);
  }
  pieces.push(raw.slice(from));
  return pieces.join('');
}

/** Much faster than piece by piece; null where JSON cannot read it, and the pieces then say where. */
function decodeNatively(raw: string): string | null {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
