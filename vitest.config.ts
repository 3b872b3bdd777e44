import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,contract,process,package}/**/*.test.ts'],
    testTimeout: 30_000,
    maxWorkers: 2,
  },
});
