/** Variables of the machine, of npm, of Docker and of the tests themselves. All others are removed. */
const KEPT = [
  // Without SHLVL, bash takes a start with pipes for a login from afar and runs the user's start-up files.
  /^(PATH|HOME|USER|LOGNAME|SHELL|SHLVL|TMPDIR|LANG|LANGUAGE|LC_\w+|TZ|XDG_\w+)$/,
  /^(npm_config_\w+|(https?|no|all)_proxy|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS)$/i,
  /^(DOCKER|TESTCONTAINERS)_\w+$/,
  /^(VITEST\w*|TEST_\w+|BAD_INPUTS|INTERRUPTIONS|LEDGER_ROUNDS|CHROMIUM|PICTURES)$/,
];

/** Settings of proofload that a test run may choose, as `TEST_POSTGRES=container` and so on. */
const CHOSEN = ['POSTGRES', 'POSTGRES_IMAGE', 'FAKES', 'FAKES_IMAGE', 'FAKES_NETWORK', 'FAKES_BASE_IMAGE'];

/**
 * The environment that tests start from, whatever is set outside. Without it, a setting such as `ENGINE`, `K6_BIN`,
 * `SEED` or `NO_COLOR` would change what the tests and the processes that they start do. Tests run on the embedded
 * engine and the embedded PostgreSQL unless `TEST_…` says otherwise.
 */
export function cleanEnvironment(given: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv {
  const kept = Object.entries(given).filter(([name]) => KEPT.some((pattern) => pattern.test(name)));
  const chosen = CHOSEN.map((name) => [name, given[`TEST_${name}`]]).filter(([, value]) => value !== undefined);
  return { NODE_ENV: 'test', ENGINE: 'embedded', POSTGRES: 'embedded', ...Object.fromEntries([...kept, ...chosen]) };
}
