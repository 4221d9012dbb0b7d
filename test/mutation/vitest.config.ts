import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: [
      'test/harness/checkers/**/*.test.ts',
      'test/harness/judge/**/*.test.ts',
      'test/faults/kinds/**/*.test.ts',
      'test/service/protections/circuit-breaker.test.ts',
    ],
    restoreMocks: true,
    unstubEnvs: true,
  },
});
