/** Scripts in the engine, started by `proofload run script.js` or by the lab. */
const SCRIPTS = [
  'test/engine/process.test.ts',
  'test/engine/k6-examples.test.ts',
  'test/engine/script/module-scripts.test.ts',
  'test/engine/workers/workers.test.ts',
];

/** More of them, which take too long if each run is a new process. */
const MANY_SCRIPTS = [
  ...SCRIPTS,
  'test/engine/blocking/rewrite.test.ts',
  'test/engine/compile/commonjs.test.ts',
  'test/engine/compile/function-of-module.test.ts',
  'test/engine/conformance.test.ts',
  'test/engine/html/html.test.ts',
  'test/engine/net/network-options.test.ts',
  'test/engine/recorded.test.ts',
  'test/engine/run/like-k6.test.ts',
  'test/engine/run/options-like-k6.test.ts',
  'test/engine/run/write-summary.test.ts',
  'test/engine/script/global-object.test.ts',
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
  'test/harness/cli-usage.test.ts',
  'test/harness/init/terminal-questions.test.ts',
  'test/harness/mcp/mcp.test.ts',
  'test/harness/report/terminal-output.test.ts',
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

/** The test files that run against each product. All of them also run against the sources, by `make test`. */
export const TEST_FILES = { bundles: MANY_SCRIPTS, installed: [...SCRIPTS, ...COMMANDS], onOlderNode: STARTS };
