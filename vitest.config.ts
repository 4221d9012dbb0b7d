import { defineConfig } from 'vitest/config';
import { TEST_FILES } from './test/products/test-files.ts';
import { cleanEnvironment } from './test/support/clean-environment.ts';
import { HANG_MS, TEST_MS } from './test/support/limits.ts';
import { REAL_TIME } from './test/support/real-time.ts';
import { SlowFirst } from './test/support/slow-first.ts';
import { SlowestFiles } from './test/support/slowest-files.ts';

/** The file for the numbers of passed and failed tests, if requested. */
const counts = process.env.TEST_COUNTS;

// Worker processes inherit this process's environment.
process.env = cleanEnvironment(process.env);

/** Tests that add definitions of a team to their process. These files get a process each. */
const OWN = ['test/harness/{commands,project}/*.test.ts', 'test/harness/run/{promised,runnable-script}.test.ts'];

/**
 * Tests that concern time itself, or that are judged by times. These files run after all others, three at a time. What
 * fails on a busy machine is measured again, alone: see `REAL_TIME`.
 */
const TIMED = [
  'test/engine/{conformance,schedule}.test.ts',
  'test/engine/{base,executors,vu}/**/*.test.ts',
  'test/engine/net/deadline.test.ts',
  'test/harness/watch/watch-starvation.test.ts',
  'test/harness/workbench/load-generator.test.ts',
  'test/service/protections/limit-stores/**/*.test.ts',
];

/** Tests of what is shipped. `make test-products` runs them, and so does `make test` if they are named. */
const PRODUCTS = [...new Set(Object.values(TEST_FILES).flat())];
/** Those of them that concern time itself. */
const TIMED_PRODUCTS = ['test/harness/doctor-interrupted.test.ts'];

/** Whole suites of the examples. They have a separate make target. */
const EXAMPLES = 'test/examples/suites/*.test.ts';

/** Tests that require Chromium. They have a separate make target. */
const BROWSER = 'test/browser/**/*.test.ts';

/** More than there are cores, because many tests mostly wait. */
const WORKERS = 6;

/** What each file does so that a test can wait until no other runs. */
const TURN = 'test/support/turn-of-a-file.ts';

/**
 * The files of a worker share the modules and the processes that tests start. Loading them for each file costs more
 * than most tests.
 */
const SHARED = { isolate: false, setupFiles: [TURN, 'test/support/give-back.ts'] };

export default defineConfig({
  test: {
    // Node strips the types itself, as it does for users, and keeps the result with what it has compiled.
    globalSetup: 'test/support/turns-server.ts',
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // Services with a defect run concurrently, and beside other files.
    maxConcurrency: 2,
    testTimeout: TEST_MS,
    hookTimeout: TEST_MS,
    expect: { poll: { timeout: HANG_MS } },
    // A test that failed once on another machine has to say why.
    chaiConfig: { truncateThreshold: 0 },
    projects: [
      {
        extends: true,
        test: {
          name: 'rest',
          include: ['test/**/*.test.ts'],
          exclude: [...OWN, ...TIMED, ...PRODUCTS, BROWSER, EXAMPLES, 'test/certify/**', '**/node_modules/**'],
          ...SHARED,
          maxWorkers: WORKERS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'own',
          include: OWN,
          exclude: PRODUCTS,
          setupFiles: [TURN],
          maxWorkers: WORKERS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'timed',
          include: TIMED,
          ...SHARED,
          ...REAL_TIME,
          maxWorkers: 3,
          // The scripts of one file. They mostly wait: all of them use less than 6 s of the processor.
          maxConcurrency: 6,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'products',
          include: PRODUCTS,
          exclude: TIMED_PRODUCTS,
          ...SHARED,
          maxWorkers: WORKERS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'products, timed',
          include: TIMED_PRODUCTS,
          ...SHARED,
          ...REAL_TIME,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      { extends: true, test: { name: 'browser', include: [BROWSER] } },
      { extends: true, test: { name: 'examples', include: [EXAMPLES], maxWorkers: 1 } },
    ],
    restoreMocks: true,
    unstubEnvs: true,
    sequence: { sequencer: SlowFirst },
    reporters: ['default', new SlowestFiles(), counts ? ['json', { outputFile: counts }] : {}],
  },
});
