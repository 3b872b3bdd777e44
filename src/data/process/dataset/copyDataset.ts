import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { UserError } from '../../../core/text/userError';
import type { ParamsOf } from '../../../protocol/channel';
import type { DatasetCopy, DatasetMethods } from '../../../protocol/dataset';
import type { TableLimits } from '../images/tableDatabase';
import { copyTable } from './copyTable';
import { mendedTruth } from './truthCells';

/** `dataset/copy`. */
export async function copyDataset(
  { dataset, drop, mends, to }: ParamsOf<DatasetMethods, 'dataset/copy'>,
  limits: TableLimits,
  cacheDir: string,
): Promise<DatasetCopy> {
  if (!/\.parquet$/i.test(dataset)) throw new UserError(`${dataset}: only a parquet dataset is copied`);
  const spill = join(cacheDir, `spill-${randomUUID().slice(0, 8)}`);
  return copyTable(dataset, limits, spill, async ({ database, shape, from, write }) => {
    const { mended, replace, truth } = await mendedTruth(database, from, shape.columns, mends);
    const dropped = [...new Set(drop)].filter((row) => row >= 0 && row < shape.rows);
    if (to !== null) await write(to, replace, dropped);
    return {
      rows: shape.rows,
      kept: shape.rows - dropped.length,
      truth,
      mended,
      compression: shape.codec.toLowerCase(),
      metadata: shape.metadata.map(({ key }) => key),
    };
  });
}
