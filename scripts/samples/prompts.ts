/** Prompts in our own words that ask for ACTIVE-O3's output format, and one for a zoom tool. */
export function sensingPrompt(what: string): string {
  return [
    `Where in this picture would a closer look show many a ${what}? Name at most three separate regions, each with several of them and a little of what is around.`,
    'Avoid overlap. Think first inside <think></think>; then give, inside <answer></answer>, a JSON list of',
    `{"bbox_2d": [x1, y1, x2, y2], "label": "${what}-dense region"}.`,
  ].join('\n');
}

export function numberPrompt(question: string): string {
  return [
    question,
    'Think inside <think></think>. When the number is too small to read, call image_zoom_in_tool with a bbox_2d; you will be shown that part. Give the number inside <answer></answer>.',
  ].join('\n');
}

export const systemPrompt = 'You are a helpful assistant.';
