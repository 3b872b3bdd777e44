/** Prompts of one template differ late: enough is kept to show where. */
const titleLength = 256;

/**
 * One line that tells prompts apart in a list: the last user message of a chat transcript, whether its special tokens
 * were stripped (bare `user` and `assistant` lines) or kept (`<|im_start|>user`), without marks of images and of
 * placeholder tokens (`[151655 * 1024]`), whitespace collapsed, cut at 256 characters.
 */
export function promptTitle(prompt: string): string {
  const transcript = `\n${prompt.includes('<|im_start|>') ? prompt.replaceAll('<|im_start|>', '\n') : prompt}`;
  const user = transcript.lastIndexOf('\nuser\n');
  const from = user < 0 ? 0 : user + 6;
  const assistant = transcript.indexOf('\nassistant', from);
  const message = transcript.slice(from, assistant < 0 ? undefined : assistant);
  // A prompt of megabytes is not searched as a whole for one line.
  const line = message
    .slice(0, 4096)
    .replace(/<image>|<\|[a-z_]{1,32}\|>|\[\d{1,10} \* \d{1,10}\]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > titleLength ? `${line.slice(0, titleLength - 1)}…` : line;
}
