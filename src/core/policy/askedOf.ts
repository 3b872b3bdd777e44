import { promptMessages } from '../trajectory/promptMessages';

/** What a logged prompt asks of its picture. */
export interface Asked {
  readonly object: string | null;
  readonly question: string | null;
}

/** More is no question but a document. */
const longest = 8000;
/** ACTIVE-O3's prompts name their object or question in quotes. */
const object = /\b(?:high number of|instances of|mask for the|find all)\s{1,4}'([^'\n]{1,200})'/i;
const question = /answer the question:\s{0,4}'([^\n]{1,4000}?)'\.\s/i;

/**
 * The object or the question that a prompt is about, so that another policy can be asked the same in its own words: what
 * ACTIVE-O3's prompts quote, else the last thing that the user said, without marks of images.
 */
export function askedOf(prompt: string): Asked {
  const head = prompt.slice(0, longest);
  const quoted = question.exec(head)?.[1];
  if (quoted !== undefined) return { object: null, question: quoted.trim() };
  const named = object.exec(head)?.[1];
  if (named !== undefined) return { object: named.trim(), question: null };
  const said = promptMessages(head).findLast(({ role }) => role === 'user')?.content ?? head;
  const text = said
    .replace(/<\/?(?:image|video|audio)>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return { object: null, question: text === '' ? null : text };
}
