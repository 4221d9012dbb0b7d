import { defineConfig } from 'vitest/config';

/** Where the numbers of passed and failed tests go, for whoever sums them up. */
const counts = process.env.TEST_COUNTS;

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    testTimeout: 15_000,
    // mem0ai reports every call to its makers unless it is told not to, and only when it is loaded.
    env: { MEM0_TELEMETRY: 'false' },
    reporters: counts ? ['default', ['json', { outputFile: counts }]] : ['default'],
  },
});
