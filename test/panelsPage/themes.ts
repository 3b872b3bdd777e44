import values from './themes.json';

/** Values that VS Code's own default themes give the variables which the editor, the canvas and the toolkit read. */
export interface PageTheme {
  readonly bodyClass: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

export const panelThemes: Readonly<Record<string, PageTheme>> = values;
