/** Scripts in the engine, started by `proofload run script.js` or by the lab. */
const SCRIPTS = [
  'test/engine/process.test.ts',
  'test/engine/k6-examples.test.ts',
  'test/engine/script/module-scripts.test.ts',
  'test/engine/workers/workers.test.ts',
];

/** The command line, `startLab`, MCP and `doctor`. */
const COMMANDS = [
  'test/bin/exports.test.ts',
  'test/bin/proofload.test.ts',
  'test/docs/tutorials.test.ts',
  'test/examples/item-service.test.ts',
  'test/examples/price-service.test.ts',
  'test/harness/cli.test.ts',
  'test/harness/cli-doctor.test.ts',
  'test/harness/cli-processes.test.ts',
  'test/harness/cli-set-up.test.ts',
  'test/harness/cli-usage.test.ts',
  'test/harness/commands/lab.test.ts',
  'test/harness/commands/watch-runs.test.ts',
  'test/harness/doctor-interrupted.test.ts',
  'test/harness/full-disk.test.ts',
  'test/harness/init/terminal-questions.test.ts',
  'test/harness/mcp/mcp.test.ts',
  'test/harness/report/terminal-output.test.ts',
  'test/harness/run/echoed-secrets.test.ts',
  'test/harness/run/interruptions.test.ts',
  'test/harness/run/secrets-of-a-run.test.ts',
  'test/harness/run/surroundings.test.ts',
  'test/harness/workbench/lab-command.test.ts',
  'test/package.test.ts',
];

/** What an older Node could change: the start of the newer one, its signals, its exit codes and its output. */
const STARTS = [
  'test/bin/proofload.test.ts',
  'test/engine/process.test.ts',
  'test/engine/script/module-scripts.test.ts',
  'test/examples/item-service.test.ts',
  'test/harness/init/terminal-questions.test.ts',
  'test/harness/report/terminal-output.test.ts',
];

/**
 * The test files that run against each product. `make test` leaves them out, unless they are named: what npm installs
 * is what users have. It runs all others against the engine's bundle, which is also in the package.
 */
export const TEST_FILES = { installed: [...SCRIPTS, ...COMMANDS], onOlderNode: STARTS };
