import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { basicPolicy, type PolicySpec, parsePolicy } from '../core/policy/policySpec';
import type { JsonValue } from '../core/text/jsonValue';
import { parseTolerantJson } from '../core/text/tolerantJson';
import { UserError } from '../core/text/userError';

const mostBytes = 1024 * 1024;

/** The policy that ships by its name, else the JSON or YAML file at that path (docs/policies.md). Throws `UserError`. */
export async function readPolicy(name: string): Promise<PolicySpec> {
  if (name === basicPolicy.name) return basicPolicy;
  const path = resolve(name);
  const value = await parsed(path, await textOf(path));
  try {
    return parsePolicy(value, (written) => resolvedFrom(dirname(path), written));
  } catch (error) {
    if (UserError.is(error)) throw new UserError(`${path}: ${error.message}`);
    throw error;
  }
}

/** A path as a policy states it: `~`, absolute, or beside the file that names it. */
export function resolvedFrom(folder: string, path: string): string {
  if (path === '~' || path.startsWith('~/')) return join(homedir(), path.slice(1));
  return resolve(folder, path);
}

async function parsed(path: string, text: string): Promise<JsonValue> {
  try {
    if (!/^\.ya?ml$/i.test(extname(path))) return parseTolerantJson(text);
    const { parse } = await import('yaml');
    return parse(text) as JsonValue;
  } catch (error) {
    throw new UserError(
      `${path}: the policy cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function textOf(path: string): Promise<string> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${path}: the policy cannot be read (${error.code ?? error.message})`);
  });
  try {
    const facts = await file.stat();
    if (!facts.isFile() || facts.size > mostBytes) throw new UserError(`${path}: this is no policy`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
