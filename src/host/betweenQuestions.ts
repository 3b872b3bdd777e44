/** Milliseconds until a webview has taken the keyboard that VS Code gave back to it. */
const settled = 200;

/**
 * Waits between two questions in a row. When the first is answered VS Code gives the keyboard back to the editor, and a webview
 * takes it late, in a process of its own: after the second question had it, whose answer would then be typed into the picture.
 */
export function betweenQuestions(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, settled));
}
