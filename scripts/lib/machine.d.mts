export const root: string;
export const scratch: string;
export const editorDir: string;
export const vscodeDir: string;
export function onPath(...names: string[]): string | null;
export function editorNode(): string | null;
export function npmCli(): string;
export function findChromium(): string | null;
export function desktopCode(): string | null;
