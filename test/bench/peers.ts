import { spawnSync } from 'node:child_process';
import { DuckDBInstance } from '@duckdb/node-api';

const keepRows = `import json, resource, sys, time
start = time.time()
rows = [json.loads(line) for line in open(sys.argv[1], 'rb')]
print(time.time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)`;

/** Seconds and MiB at most for Python to parse and keep every line; null where there is no Python. */
export function pythonJsonLoads(path: string): { readonly seconds: number; readonly peakMb: number } | null {
  return python(keepRows, path);
}

function python(script: string, path: string): { readonly seconds: number; readonly peakMb: number } | null {
  const { status, stdout } = spawnSync('python3', ['-c', script, path], { encoding: 'utf8' });
  if (status !== 0) return null;
  const [seconds = Number.NaN, peakMb = Number.NaN] = stdout.trim().split(' ').map(Number);
  return { seconds, peakMb };
}

const keepDocument = `import json, resource, sys, time
start = time.time()
document = json.load(open(sys.argv[1]))
print(time.time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)`;

/** Seconds and MiB at most for Python to parse and keep one document; null where there is no Python. */
export function pythonJsonLoad(path: string): { readonly seconds: number; readonly peakMb: number } | null {
  return python(keepDocument, path);
}

/** Seconds for DuckDB to read every line into a table. */
export async function duckdbReadJson(path: string): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const start = performance.now();
  await connection.run(`CREATE TABLE t AS SELECT * FROM read_json('${path}', format = 'newline_delimited')`);
  const seconds = (performance.now() - start) / 1000;
  connection.closeSync();
  instance.closeSync();
  return seconds;
}
