import { defineConfig } from 'vitest/config';

/** Where the numbers of passed and failed tests go, for whoever sums them up. */
const counts = process.env.TEST_COUNTS;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Services with a defect run side by side, and are judged by times as well: not more at once than two cores bear.
    maxConcurrency: 3,
    maxWorkers: 2,
    // A container takes about a second to start, and each test may have one of its own.
    testTimeout: process.env.FAKES === 'container' ? 30_000 : 5_000,
    restoreMocks: true,
    unstubEnvs: true,
    reporters: counts ? ['default', ['json', { outputFile: counts }]] : ['default'],
  },
});
