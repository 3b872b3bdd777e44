/** Type-checks every world with its own tsconfig: the pure floors without node or DOM, the rest with what each may use. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const projects = ['src/core', 'src', 'webview', 'test'];
let failed = 0;
for (const project of projects) {
  const { status } = spawnSync(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', project], {
    stdio: 'inherit',
  });
  if (status !== 0) failed++;
}
process.exit(failed === 0 ? 0 : 1);
