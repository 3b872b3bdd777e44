/** Words in braces that a prompt's template may hold. */
export const templateWords = ['object', 'question', 'options', 'count', 'response'] as const;
export type TemplateWord = (typeof templateWords)[number];

/**
 * A template with its words filled in, in one pass: what is filled in is never read again, so that a question with
 * `{object}` in it stays as it is. Every other brace, and a word without a value, is left alone.
 */
export function fillTemplate(template: string, values: Partial<Readonly<Record<TemplateWord, string>>>): string {
  return template.replace(
    /\{(object|question|options|count|response)\}/g,
    (written, word: TemplateWord) => values[word] ?? written,
  );
}
