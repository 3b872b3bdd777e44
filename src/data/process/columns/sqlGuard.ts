import type { JsonValue } from '../../../core/text/jsonValue';
import { UserError } from '../../../core/text/userError';

type Node = { readonly [key: string]: JsonValue };

/**
 * Functions a condition may call. None makes a text much longer than it was, builds a list or reads anything: what is not
 * here cannot fill the memory or leave the table. Operators are functions to DuckDB.
 */
const functions: ReadonlySet<string> = new Set(
  `+ - * / // % ** ^ & | ~ << >> || abs ceil ceiling floor round trunc sign sqrt cbrt exp ln log log2 log10 pow power mod
  fmod isnan isinf isfinite greatest least length strlen lower upper trim ltrim rtrim contains prefix suffix starts_with
  ends_with position strpos instr left right substring substr concat regexp_matches regexp_full_match ~~ !~~ ~~* !~~*
  ifnull`.split(/\s+/),
);
/** Patterns with `%` in several places, matched letter by letter, take time without bounds. */
const patterns: ReadonlySet<string> = new Set(['~~', '!~~', '~~*', '!~~*']);
const percentsAllowed = 3;
const operators: ReadonlySet<string> = new Set([
  'OPERATOR_NOT',
  'OPERATOR_IS_NULL',
  'OPERATOR_IS_NOT_NULL',
  'OPERATOR_COALESCE',
  'OPERATOR_NULLIF',
  'COMPARE_IN',
  'COMPARE_NOT_IN',
]);
const types: ReadonlySet<string> = new Set(
  'BOOLEAN TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT FLOAT DOUBLE VARCHAR'.split(' '),
);
/** Parts of a statement other than its condition; of a statement that is one expression they are empty. */
const otherParts = ['modifiers', 'group_expressions', 'group_sets', 'having', 'sample', 'qualify'] as const;

/**
 * Checks what DuckDB's own parser made (`json_serialize_sql`) of `SELECT … WHERE (condition)`: one statement that is
 * nothing but its condition, made of columns, constants, comparisons and harmless functions.
 * @returns names of the columns it speaks of, as written.
 * @throws UserError that says what is not allowed, or where the condition does not parse.
 */
export function checkedColumns(serialized: JsonValue): ReadonlySet<string> {
  const root = node(serialized);
  if (root.error === true) throw new UserError(`The condition cannot be read: ${text(root.error_message)}.`);
  const [statement, ...more] = list(root.statements);
  const select = node(node(statement).node);
  const empty = otherParts.every((part) => isEmpty(select[part]));
  const table = node(select.from_table);
  const cte = list(node(select.cte_map ?? {}).map);
  if (more.length > 0 || select.type !== 'SELECT_NODE' || !empty || cte.length > 0 || table.type !== 'BASE_TABLE')
    throw new UserError('The condition must be one expression, as it may stand behind WHERE.');
  const columns = new Set<string>();
  const open: (JsonValue | undefined)[] = [select.where_clause];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    if (next !== null) open.push(...partsOf(node(next), columns));
  return columns;
}

/** What a node is made of, after it was found harmless itself; names of columns go into `columns`. */
function partsOf(of: Node, columns: Set<string>): readonly (JsonValue | undefined)[] {
  switch (of.class) {
    case 'CONSTANT':
      return [];
    case 'COLUMN_REF':
      columns.add(columnName(list(of.column_names)));
      return [];
    case 'COMPARISON':
      return [of.left, of.right];
    case 'BETWEEN':
      return [of.input, of.lower, of.upper];
    case 'CONJUNCTION':
      return list(of.children);
    case 'OPERATOR':
      if (!operators.has(text(of.type))) throw refused(text(of.type).toLowerCase());
      return list(of.children);
    case 'CASE':
      return [...list(of.case_checks).flatMap((c) => [node(c).when_expr, node(c).then_expr]), of.else_expr];
    case 'CAST':
      if (!types.has(text(node(of.cast_type).id))) throw refused(`the type ${text(node(of.cast_type).id)}`);
      return [of.child];
    case 'FUNCTION':
      return argumentsOf(of);
    case 'SUBQUERY':
      throw new UserError('A condition cannot hold a query of its own; what groups come to is in columns: group_mean.');
    default:
      throw refused(text(of.class).toLowerCase());
  }
}

function columnName([name, ...parts]: readonly JsonValue[]): string {
  if (parts.length === 0) return text(name);
  throw new UserError(`“${[name, ...parts].join('.')}” is no column. A name with a dot stands in double quotes.`);
}

function argumentsOf(of: Node): readonly JsonValue[] {
  const name = text(of.function_name);
  const plain = isEmpty(of.filter) && of.distinct !== true && isEmpty(node(of.order_bys ?? {}).orders);
  const own = of.schema === '' || of.schema === 'main' || of.schema === undefined;
  if (!functions.has(name) || !plain || !own) throw refused(`the function ${name}`);
  const children = list(of.children);
  if (patterns.has(name)) checkPattern(node(children[1]), name);
  return children;
}

function checkPattern(pattern: Node, name: string): void {
  const value = pattern.class === 'CONSTANT' ? node(pattern.value).value : undefined;
  if (typeof value !== 'string') throw new UserError('The pattern behind LIKE must be a text in single quotes.');
  const slow = name.endsWith('*') || value.includes('_');
  if (slow && value.split('%').length - 1 > percentsAllowed)
    throw new UserError(`A pattern behind ILIKE, or one with “_”, may hold “%” ${percentsAllowed} times.`);
}

function refused(what: string): UserError {
  return new UserError(`A condition compares columns; ${what} is not allowed in it.`);
}

function isEmpty(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

function node(value: JsonValue | undefined): Node {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UserError('The condition cannot be read.');
  return value as Node;
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
