import { defineConfig } from 'vitest/config';

/** The file for the numbers of passed and failed tests, if a caller sums them up. */
const counts = process.env.TEST_COUNTS;

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    testTimeout: 15_000,
    // mem0ai sends telemetry unless it is disabled before it is loaded.
    env: { MEM0_TELEMETRY: 'false' },
    reporters: counts ? ['default', ['json', { outputFile: counts }]] : ['default'],
  },
});
