import { readFile, stat } from 'node:fs/promises';
import { builtInProfiles, parseProfile, type ScoringProfile } from '../core/reward/scoring/profile';
import { LiteralSyntaxError } from '../core/text/literalReader';
import { parseTolerantJson } from '../core/text/tolerantJson';
import { UserError } from '../core/text/userError';

const largest = 1024 * 1024;

/** A built-in profile by its id, else the JSON file at that path. Throws `UserError`. */
export async function readProfile(name: string): Promise<ScoringProfile> {
  const known = builtInProfiles.find(({ id }) => id === name);
  if (known !== undefined) return known;
  const text = await textOf(name);
  try {
    return parseProfile(parseTolerantJson(text));
  } catch (error) {
    if (error instanceof LiteralSyntaxError) throw new UserError(`${name} is no JSON: ${error.message}`);
    if (UserError.is(error)) throw new UserError(`${name}: ${error.message}`);
    throw error;
  }
}

async function textOf(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > largest) throw new UserError(`${path} is ${Math.round(size / 1e6)} MB: too large for a reward profile.`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (UserError.is(error)) throw error;
    const known = builtInProfiles.map(({ id }) => id).join(', ');
    throw new UserError(`there is no profile ${path}: neither one of ${known}, nor a file that can be read`);
  }
}
