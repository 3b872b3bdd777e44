/** Type-checks every world with its own tsconfig: the pure floors without node or DOM, the rest with what each may use. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const projects = ['src/core', 'src', 'webview', 'test'];

/** TypeScript ends with an error when a project has no file yet. */
function hasSources(project) {
  return (
    existsSync(join(root, project, 'tsconfig.json')) &&
    readdirSync(join(root, project), { recursive: true }).some((name) => name.endsWith('.ts'))
  );
}

function check(project) {
  return new Promise((resolve) => {
    const args = [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', project];
    spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).once('exit', resolve);
  });
}

const codes = await Promise.all(projects.filter(hasSources).map(check));
process.exit(codes.every((code) => code === 0) ? 0 : 1);
