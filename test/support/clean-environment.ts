/**
 * Variables of the machine, npm, Docker and the tests themselves. All others are removed, also those of a proxy: all
 * traffic of the tests is local.
 */
const KEPT = [
  // Without SHLVL, bash mistakes a start with pipes for a remote login and runs the user's start-up files.
  /^(PATH|HOME|USER|LOGNAME|SHELL|SHLVL|TMPDIR|LANG|LANGUAGE|LC_\w+|TZ|XDG_\w+)$/,
  /^(npm_config_\w+|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|NODE_COMPILE_CACHE)$/i,
  /^(DOCKER|TESTCONTAINERS)_\w+$/,
  /^PROOFLOAD_(BUNDLES|PRODUCT)$/,
  /^(VITEST\w*|TEST_\w+|BAD_INPUTS|INTERRUPTIONS|LEDGER_ROUNDS|WRONG_SETTINGS|CHROMIUM|PICTURES)$/,
];

/** proofload settings that a test run may choose with a `TEST_` prefix, for example `TEST_POSTGRES=container`. */
const CHOSEN = ['POSTGRES', 'POSTGRES_IMAGE'];

/**
 * Returns the environment for tests, independent of the caller's settings. Otherwise a variable such as `ENGINE`,
 * `K6_BIN`, `SEED` or `NO_COLOR` would change how the tests and the processes that they start behave. Tests use the
 * embedded engine and the embedded PostgreSQL unless a `TEST_…` variable says otherwise.
 */
export function cleanEnvironment(given: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv {
  const kept = Object.entries(given).filter(([name]) => KEPT.some((pattern) => pattern.test(name)));
  const chosen = CHOSEN.map((name) => [name, given[`TEST_${name}`]]).filter(([, value]) => value !== undefined);
  return { NODE_ENV: 'test', ENGINE: 'embedded', POSTGRES: 'embedded', ...Object.fromEntries([...kept, ...chosen]) };
}
