/**
 * What a child needs from its parent's environment: where programs and libraries are, the user's folders and language,
 * and the accelerator's settings. Everything else, tokens above all, stays behind.
 */
const inherited =
  /^(PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|SYSTEMROOT|LD_LIBRARY_PATH|CUDA_.*|VK_.*|LANG|LC_.*|TZ|TMPDIR|TEMP|TMP)$/i;

/** The minimal environment with `extra` on top. On desktop the executable is Electron, which must run as plain Node. */
export function childEnvironment(
  parent: NodeJS.ProcessEnv,
  extra: Readonly<Record<string, string>>,
): Record<string, string> {
  const env: Record<string, string> = { ELECTRON_RUN_AS_NODE: '1' };
  for (const [name, value] of Object.entries(parent)) {
    if (value !== undefined && inherited.test(name)) env[name] = value;
  }
  return { ...env, ...extra };
}
