import { defineConfig } from 'vitest/config';

/**
 * One worker, one file after the other: all files share one VS Code server and one browser. No test is retried here,
 * since those of a file build on each other: `scripts/test.mjs` runs a failed file again as a whole.
 */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: ['test/e2e/harness/globalSetup.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
