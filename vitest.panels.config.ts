import { defineConfig } from 'vitest/config';

/** Pages without VS Code: each file has a browser of its own, so nothing is set up for all, and two run side by side. */
export default defineConfig({
  test: {
    include: ['test/e2e/{panels,canvas}/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
