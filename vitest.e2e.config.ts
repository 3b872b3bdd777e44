import { defineConfig } from 'vitest/config';

/** One worker, one file after the other: all files share one VS Code server and one browser. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: ['test/e2e/harness/globalSetup.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    // A busy machine may lose one race with VS Code's own start; a test that fails twice in a row is broken.
    retry: 1,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
