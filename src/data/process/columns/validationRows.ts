import { isValidationFile, isValidationSplit, splitColumns } from '../../../core/trajectory/validation';
import type { TraceFormat } from '../../../formats/format';
import type { ColumnStore } from './columnStore';

/**
 * Tells the rows that a run sampled to validate from those it trained on: by the split that the row logs, where it logs
 * one, else by the format, and by the name of its file and folder. `root` is the trace's absolute folder.
 */
export function validationRows(
  columns: ColumnStore,
  root: string,
  { validates }: Pick<TraceFormat, 'validates'>,
): (row: number) => boolean {
  const files = columns.ownCategory('file');
  const byFile = new Map<string | null, boolean>();
  const splits = [...splitColumns].flatMap((name) => {
    const column = columns.find(name);
    return column?.kind === 'category' ? [column.data] : [];
  });
  return (row) => {
    for (const split of splits) {
      const value = split.at(row);
      if (value !== null) return isValidationSplit(value);
    }
    const file = files.at(row);
    const known = byFile.get(file) ?? (validates === true || isValidationFile(root, file ?? ''));
    byFile.set(file, known);
    return known;
  };
}
