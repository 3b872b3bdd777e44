export interface ServerOptions {
  /** Server data and user data; settings are written below it. */
  readonly dataDir: string;
  readonly extensionsDir: string;
  /** Preferred port; another free one when it is taken, any when left out. */
  readonly port?: number;
  /** Environment of the server and so of its extension hosts, on top of this process's. */
  readonly env?: Readonly<Record<string, string>>;
  /** User settings over the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Accepts development keys in the page's address: needed to run tests inside the extension host. */
  readonly testDriver?: boolean;
}

export interface VscodeServer {
  readonly port: number;
  readonly url: string;
  /** Resolves with the exit code. */
  readonly exited: Promise<number | null>;
  /** The last megabyte it printed. */
  log(): string;
  stop(): Promise<void>;
}

export function freePort(preferred?: number): Promise<number>;
export function writeSettings(dataDir: string, settings?: Readonly<Record<string, unknown>>): void;
export function installVsix(options: {
  readonly dataDir: string;
  readonly extensionsDir: string;
  readonly vsix: string;
}): Promise<void>;
export function startServer(options: ServerOptions): Promise<VscodeServer>;
export function folderUrl(server: { readonly url: string }, folder: string): string;
