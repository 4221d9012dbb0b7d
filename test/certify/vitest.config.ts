import { defineConfig } from 'vitest/config';

/** The file to write the numbers of passed and failed tests to, if a caller adds them up. */
const counts = process.env.TEST_COUNTS;

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    testTimeout: 15_000,
    // mem0ai sends telemetry unless it is disabled before the package is loaded.
    env: { MEM0_TELEMETRY: 'false' },
    reporters: counts ? ['default', ['json', { outputFile: counts }]] : ['default'],
  },
});
