import { readFile, stat } from 'node:fs/promises';
import { builtInProfiles, type ProfileList, parseProfile, type ScoringProfile } from '../core/reward/scoring/profile';
import { LiteralSyntaxError } from '../core/text/literalReader';
import { parseTolerantJson } from '../core/text/tolerantJson';
import { UserError } from '../core/text/userError';

const largest = 1024 * 1024;
const mostFiles = 100;

/** A built-in profile by its id, else the JSON file at that path. Throws `UserError`. */
export async function readProfile(name: string): Promise<ScoringProfile> {
  const known = builtInProfiles.find(({ id }) => id === name);
  if (known !== undefined) return known;
  return readProfileFile(name);
}

/** Built-in profiles and those of the user's files. A file that is wrong costs itself and is named. */
export async function readProfiles(paths: readonly string[]): Promise<ProfileList> {
  const profiles = [...builtInProfiles];
  const problems: string[] = [];
  for (const path of paths.slice(0, mostFiles)) {
    try {
      const profile = await readProfileFile(path);
      const taken = profiles.some(({ id }) => id === profile.id);
      if (taken) problems.push(`${path}: another profile has the id "${profile.id}".`);
      else profiles.push(profile);
    } catch (error) {
      if (!UserError.is(error)) throw error;
      problems.push(error.message);
    }
  }
  if (paths.length > mostFiles) problems.push(`Only the first ${mostFiles} files of reward profiles are read.`);
  return { profiles, problems };
}

async function readProfileFile(path: string): Promise<ScoringProfile> {
  const text = await textOf(path);
  try {
    return parseProfile(parseTolerantJson(text));
  } catch (error) {
    if (error instanceof LiteralSyntaxError) throw new UserError(`${path} is no JSON: ${error.message}`);
    if (UserError.is(error)) throw new UserError(`${path}: ${error.message}`);
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
