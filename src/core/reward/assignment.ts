/**
 * The assignment of rows to columns with the largest sum (Kuhn–Munkres with potentials, O(n²m)).
 * @param gains rectangular matrix of finite numbers.
 * @returns for each row its column, or −1 when there are more rows than columns.
 */
export function assign(gains: readonly (readonly number[])[]): readonly number[] {
  const rows = gains.length;
  const columns = gains[0]?.length ?? 0;
  if (rows === 0 || columns === 0) return gains.map(() => -1);
  if (rows > columns) {
    const turned = assign(Array.from({ length: columns }, (_, j) => gains.map((row) => row[j] ?? 0)));
    const found = new Array<number>(rows).fill(-1);
    turned.forEach((row, column) => {
      if (row >= 0) found[row] = column;
    });
    return found;
  }
  const cost = (row: number, column: number): number => -(gains[row]?.[column] ?? 0);
  const rowPotential = new Float64Array(rows + 1);
  const columnPotential = new Float64Array(columns + 1);
  /** Row (1-based) that holds each column; 0 for none. */
  const holder = new Int32Array(columns + 1);
  const way = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row++) {
    holder[0] = row;
    let column = 0;
    const slack = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY);
    const used = new Uint8Array(columns + 1);
    do {
      used[column] = 1;
      const current = holder[column] ?? 0;
      let delta = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let j = 1; j <= columns; j++) {
        if (used[j] === 1) continue;
        const reduced = cost(current - 1, j - 1) - at(rowPotential, current) - at(columnPotential, j);
        if (reduced < at(slack, j)) {
          slack[j] = reduced;
          way[j] = column;
        }
        if (at(slack, j) < delta) {
          delta = at(slack, j);
          next = j;
        }
      }
      for (let j = 0; j <= columns; j++) {
        if (used[j] === 1) {
          const held = holder[j] ?? 0;
          rowPotential[held] = at(rowPotential, held) + delta;
          columnPotential[j] = at(columnPotential, j) - delta;
        } else slack[j] = at(slack, j) - delta;
      }
      column = next;
    } while (holder[column] !== 0);
    while (column !== 0) {
      const previous = way[column] ?? 0;
      holder[column] = holder[previous] ?? 0;
      column = previous;
    }
  }
  const found = new Array<number>(rows).fill(-1);
  for (let j = 1; j <= columns; j++) {
    const row = holder[j] ?? 0;
    if (row > 0) found[row - 1] = j - 1;
  }
  return found;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}
