import { SILENT } from '../../harness/report/reporters/reporter.ts';
import type { RunOptions } from '../../harness/run/run-options.ts';

/** Options for a run in a test: the profile "fast", without output. */
export const IN_A_TEST = {
  require: [],
  profile: 'fast',
  engine: 'auto',
  postgres: 'auto',
  seed: 1,
  jobs: 1,
  reporter: SILENT,
} satisfies Partial<RunOptions>;
