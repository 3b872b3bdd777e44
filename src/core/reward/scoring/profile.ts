import type { JsonValue } from '../../text/jsonValue';
import { UserError } from '../../text/userError';
import type { CountedBoxes } from '../../trajectory/countedBoxes';
import type { Section } from '../../trajectory/rollout';
import type { Parameter, RewardDefinition, RewardSource } from './component';
import { rewardDefinition, rewardDefinitions } from './definitions';
import { loopProfiles } from './loopProfiles';
import { systemProfiles } from './systemProfiles';

/** One component of a profile. */
export interface ProfileComponent {
  /** Name shown and exported; unique in the profile. */
  readonly name: string;
  /** Id of a `RewardDefinition`. */
  readonly reward: string;
  readonly weight: number;
  readonly parameters: Readonly<Record<string, Parameter>>;
}

/** A named, weighted sum of rewards with its source. */
export interface ScoringProfile {
  readonly id: string;
  readonly title: string;
  readonly source: RewardSource;
  readonly components: readonly ProfileComponent[];
  /** Which boxes of answers count, with where that stands; all of them without. Boxes of calls are left as they are. */
  readonly counted?: CountedBoxes & { readonly source: string };
}

/** What a user can choose from. */
export interface ProfileList {
  /** Ids are unique; built-in ones come first. */
  readonly profiles: readonly ScoringProfile[];
  /** One sentence for each file that is no profile. */
  readonly problems: readonly string[];
}

const maxComponents = 64;

const part = (name: string, reward: string, parameters: ProfileComponent['parameters'] = {}): ProfileComponent => ({
  name,
  reward,
  weight: 1,
  parameters,
});

/** R_heuristic of the ACTIVE-O3 paper: range 0–4, all weights 1. */
const activeO3Paper: ScoringProfile = {
  id: 'active-o3-paper',
  title: 'ACTIVE-O3, as the paper writes it',
  source: { text: 'ACTIVE-O3 paper (arXiv 2505.21457v2), appendix B–C; δ is ours', status: 'paper' },
  components: [
    part('format', 'format.strict'),
    part('no_overlap', 'regions.noOverlap', { maxIou: 0.3 }),
    part('area_range', 'regions.areaRange', { min: 0.01, max: 0.5 }),
    part('coverage', 'coverage.matchedTruth', { minIou: 0.5 }),
  ],
};

/** `sod_reward` of the same lab's code, not an official release of ACTIVE-O3: range 0–4, unweighted. */
const omniR1Sod: ScoringProfile = {
  id: 'omni-r1-sod',
  title: 'Omni-R1 sod_reward, sibling code of ACTIVE-O3',
  source: { text: 'aim-uofa/Omni-R1 at 1de42f8, sod_lvis.py (sod_reward)', status: 'code' },
  components: [
    part('format', 'format.softJson'),
    part('no_overlap', 'regions.noOverlap', { maxIou: 0.5, empty: 0 }),
    part('area_range', 'regions.areaRange', { min: 0.001, max: 0.8 }),
    part('coverage_rate', 'coverage.coveredArea', { minCover: 0.95, empty: 0 }),
  ],
};

const vlmR1Rec: ScoringProfile = {
  id: 'vlm-r1-rec',
  title: 'VLM-R1, referring expressions',
  source: { text: 'om-ai-lab/VLM-R1 at 90052f4, qwen_module.py', status: 'code' },
  components: [part('accuracy', 'boxes.iou', { iou: 'vlmR1' }), part('format', 'format.vlm-r1-rec')],
  counted: {
    answer: 'first',
    sections: ['answer'],
    source: 'qwen_module.py (iou_reward) searches the first <answer>, and nothing without one',
  },
};

const visualRft: ScoringProfile = {
  id: 'visual-rft',
  title: 'Visual-RFT, detection without its confidence term',
  source: { text: 'Liuziyu77/Visual-RFT at 9486633, grpo.py', status: 'code' },
  components: [part('iou', 'boxes.matchedIou'), part('format', 'format.r1')],
  counted: {
    answer: 'first',
    sections: ['answer', 'text'],
    source: 'grpo.py (accuracy_reward_iou) searches the first <answer>, and takes the whole text without one',
  },
};

const answerAndFormat: ScoringProfile = {
  id: 'answer-format',
  title: 'Answer and R1 format',
  source: { text: 'answer by the look of the ground truth; format of the R1-V family', status: 'user' },
  components: [part('accuracy', 'answer'), part('format', 'format.r1')],
};

const logged: ScoringProfile = {
  id: 'logged',
  title: 'The logged total as it stands',
  source: { text: 'the log', status: 'log' },
  components: [part('total', 'logged.total')],
};

export const builtInProfiles: readonly ScoringProfile[] = [
  activeO3Paper,
  omniR1Sod,
  vlmR1Rec,
  visualRft,
  ...systemProfiles,
  ...loopProfiles,
  answerAndFormat,
  logged,
];

/**
 * A profile a user wrote: `{"id", "title", "source"?, "boxes"?: {"answer"?, "sections"?}, "components": [{"name", "reward",
 * "weight"?, "parameters"?}]}`.
 * @throws UserError that names the field, and what is allowed there.
 */
export function parseProfile(value: JsonValue): ScoringProfile {
  const { id, title, source, components, boxes } = objectAt(value, 'the profile');
  const name = textAt(id, 'id');
  if (!Array.isArray(components) || components.length === 0)
    throw wrong('components', 'a list of at least one component');
  if (components.length > maxComponents) throw wrong('components', `at most ${maxComponents} components`);
  const parts = components.map((one: JsonValue, i: number) => parseComponent(one, `components[${i}]`));
  const twice = parts.find((one, i) => parts.findIndex((other) => other.name === one.name) !== i);
  if (twice !== undefined) throw wrong('components', `names that differ; "${twice.name}" stands twice`);
  return {
    id: name,
    title: title === undefined ? name : textAt(title, 'title'),
    source: { text: source === undefined ? 'written by the user' : textAt(source, 'source'), status: 'user' },
    components: parts,
    ...(boxes === undefined ? {} : { counted: parseCounted(boxes) }),
  };
}

const answers = ['first', 'last'] as const;
const sectionNames: readonly Section[] = ['think', 'answer', 'tool', 'text'];

/** Without `answer` the last one counts, without `sections` that alone. */
function parseCounted(value: JsonValue): NonNullable<ScoringProfile['counted']> {
  const { answer = 'last', sections = ['answer'] } = objectAt(value, 'boxes');
  const found = answers.find((one) => one === answer);
  if (found === undefined) throw wrong('boxes.answer', 'first or last');
  const known = Array.isArray(sections) ? sectionNames.filter((one) => sections.includes(one)) : [];
  if (known.length === 0 || !Array.isArray(sections) || known.length !== sections.length)
    throw wrong('boxes.sections', `a list of ${sectionNames.join(', ')}`);
  return { answer: found, sections: known, source: 'written by the user' };
}

function parseComponent(value: JsonValue, at: string): ProfileComponent {
  const { name, reward, weight, parameters } = objectAt(value, at);
  const id = textAt(reward, `${at}.reward`);
  const definition = rewardDefinition(id);
  if (definition === null)
    throw wrong(`${at}.reward`, `one of ${rewardDefinitions.map((known) => known.id).join(', ')}`);
  if (weight !== undefined && (typeof weight !== 'number' || !Number.isFinite(weight)))
    throw wrong(`${at}.weight`, 'a finite number');
  return {
    name: name === undefined ? id : textAt(name, `${at}.name`),
    reward: id,
    weight: typeof weight === 'number' ? weight : 1,
    parameters: parseParameters(parameters, definition, `${at}.parameters`),
  };
}

function parseParameters(
  value: JsonValue | undefined,
  { parameters }: RewardDefinition,
  at: string,
): Readonly<Record<string, Parameter>> {
  if (value === undefined) return {};
  const found: Record<string, Parameter> = {};
  for (const [name, given] of Object.entries(objectAt(value, at))) {
    const spec = parameters.find((one) => one.name === name);
    if (spec === undefined)
      throw wrong(`${at}.${name}`, `one of ${parameters.map((one) => one.name).join(', ') || 'none'}`);
    if (typeof given !== typeof spec.value || (typeof given === 'number' && !Number.isFinite(given)))
      throw wrong(`${at}.${name}`, typeof spec.value === 'number' ? 'a finite number' : 'a word');
    if (spec.words !== undefined && !spec.words.includes(String(given)))
      throw wrong(`${at}.${name}`, `one of ${spec.words.join(', ')}`);
    found[name] = given as Parameter;
  }
  return found;
}

function objectAt(value: JsonValue, at: string): { readonly [key: string]: JsonValue | undefined } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(at, 'an object');
  return value as { readonly [key: string]: JsonValue };
}

function textAt(value: JsonValue | undefined, at: string): string {
  if (typeof value !== 'string' || value.trim() === '') throw wrong(at, 'a text');
  return value;
}

function wrong(at: string, wanted: string): UserError {
  return new UserError(`The reward profile is not understood: ${at} must be ${wanted}.`);
}
