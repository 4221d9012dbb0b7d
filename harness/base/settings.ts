/** A setting of the commands. Its flag, its variable, `make help` and docs/running.md are made from this declaration. */
export interface Setting {
  /** The flag with its argument. Without one, the setting is only a variable. */
  readonly flag?: string;
  /** The text in `--help` and `make help`. */
  readonly about: string;
  /** The default. */
  readonly usual?: string | number;
  /** Describes a default that is not a fixed value. */
  readonly usually?: string;
  readonly choices?: readonly string[];
  /** A value, as `make help` shows it. */
  readonly value: string;
  /** The make targets that have it, if they are only some. */
  readonly targets?: string;
  /** Whether only make has a variable for it. */
  readonly isOfMake?: boolean;
  /** Additional text for docs/running.md, in Markdown. */
  readonly details?: string;
}

/** The names of a contract that all commands find by themselves. `proofload init` writes the first. */
export const CONTRACT_NAMES = ['proofload.yaml', 'proofload.config.ts', 'proofload.config.js'] as const;

/** How commands describe the name of a past run: see `findRun`. */
export const RUN_NAMES = "latest, a run's name, <name>/<start>, or its folder";

/** All settings of the commands that run scenarios, by the names of their variables. */
export const SETTINGS = {
  SCENARIO: {
    about: 'one scenario, several, or a pattern, such as "chaos/*outage"',
    value: 'chaos/llm-outage',
    isOfMake: true,
  },
  LAST_FAILED: {
    flag: '--last-failed',
    about: 'only scenarios that did not pass in the last run',
    value: '1',
    isOfMake: true,
  },
  VERBOSE: { flag: '--verbose', about: 'print all checks, phases and events', value: '1', isOfMake: true },
  REPORTER: {
    flag: '--reporter <name>',
    about: 'the format of the output',
    choices: ['list', 'line', 'github'],
    usually: 'list; github in GitHub Actions',
    value: 'list|line|github',
    details: 'See [above](#during-a-run)',
  },
  PROFILE: {
    flag: '--profile <name>',
    about: "a profile of the contract's numbers",
    usual: 'fast',
    value: 'fast|production',
    details:
      'The profile `fast` has short windows and timeouts, such as 20 requests in 2 seconds. `production` has the numbers from the specification',
  },
  CONTRACT: {
    flag: '--contract <file>',
    about: "the file with the service's promises and how to start it",
    usually: `${CONTRACT_NAMES.join(' or ')} in the working directory`,
    value: 'file',
  },
  ALLOW_HOST: {
    flag: '--allow-host <name>',
    about:
      'the exact name of another machine that start.running.url may contain; repeatable, or separated by spaces or commas in ALLOW_HOST',
    value: 'name',
    details: 'See [running services](how-to/running-service.md)',
  },
  COMMAND: {
    flag: '--command <words>',
    about: "start the service with this command instead of the contract's",
    value: '"node server.js"',
  },
  ENGINE: {
    flag: '--engine <which>',
    about: 'auto, k6, docker or embedded',
    usual: 'auto',
    value: 'name',
    details:
      '`auto` uses k6 if it is on PATH or `K6_BIN` is set, and otherwise the embedded engine. `docker` uses the image `K6_IMAGE`',
  },
  K6_BIN: { about: 'the path of k6', usually: 'k6 on PATH', value: 'path' },
  K6_IMAGE: { about: 'the image for ENGINE=docker', usual: 'grafana/k6:2.2.0', value: 'name' },
  K6_MAX_BODY_SIZE: {
    about: 'the largest response body that the embedded engine reads in scenarios',
    usual: '16MiB',
    value: 'size',
    details: 'See [engines.md](engines.md#large-response-bodies)',
  },
  POSTGRES: {
    flag: '--postgres <which>',
    about: 'auto, container, embedded or a postgres:// URL',
    usual: 'auto',
    value: 'name',
    details: '`auto` uses a container if a container engine is available, and otherwise the embedded PostgreSQL',
  },
  POSTGRES_IMAGE: { about: 'the image for a container with PostgreSQL', usual: 'postgres:17', value: 'name' },
  JOBS: {
    flag: '--jobs <n>',
    about: 'scenarios that run at once, each on its own lab',
    usually: 'number of cores + 1, more if they are idle',
    value: 'n',
    details:
      'Each has its own PostgreSQL, fakes and service. Scenarios mostly wait: while an eighth of the processor time is idle, up to four times as many run, if the scenarios take long enough together. While no processor is idle, no further scenario starts. It is always 1 if `POSTGRES` is a URL or the service is already running',
  },
  REQUIRE: {
    flag: '--require <scenario>',
    about:
      'a scenario or suite that must be judged, otherwise the run is INCONCLUSIVE; repeatable, or separated by spaces or commas in REQUIRE',
    value: '"chaos/llm-outage …"',
  },
  REPEAT: {
    flag: '--repeat <n>',
    about: 'run everything n times and count the verdicts; the worst one decides',
    usual: 1,
    value: 'n',
    targets: 'stress, chaos and load',
    details: 'A table shows how often each scenario and check had each verdict. Each repetition has its own folder',
  },
  AGAINST: {
    flag: '--against <build>',
    about: 'compare with a commit, a folder or http://…',
    usually: 'in a pull request, the commit at which it began',
    value: 'main',
    targets: 'gate',
    details: 'See [gate.md](gate.md#compare-two-builds)',
  },
  AGAINST_RELEASE: {
    flag: '--against-release <build>',
    about: 'compare with this release as well, in the same rounds, so that many small regressions are noticed',
    value: 'v1.4.0',
    targets: 'gate',
    details: 'See [gate.md](gate.md#notice-drift)',
  },
  PREPARE: {
    flag: '--prepare <command>',
    about: "shell command that installs the commit to compare with, in its contract's folder",
    usually: 'npm ci, if needed',
    value: '"npm ci"',
    targets: 'gate',
  },
  ROUNDS: {
    flag: '--rounds <n>',
    about: 'maximum number of rounds to measure',
    usual: 16,
    value: 'n',
    targets: 'gate',
    details: 'Stops earlier if the result is certain',
  },
  SEED: {
    flag: '--seed <n>',
    about: 'seed for client addresses and all other random choices',
    value: 'n',
    details: 'Each run prints its seed',
  },
  RESULTS: { flag: '--results <folder>', about: 'folder for results', usual: 'results', value: 'folder' },
  KEEP: {
    flag: '--keep <n>',
    about: 'number of runs to keep for each name, or all',
    usual: 20,
    value: 'n|all',
    details:
      'When a run ends, older runs with the same name are removed, except the latest run and runs that are still in progress. A run is named after the suites or the command, such as `chaos` or `gate`: see `results/runs`. All repeats of one command are kept',
  },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof SETTINGS;

/** Returns what a setting does, with its default if that is described. */
export function describeSetting({ about, usually }: Setting): string {
  return usually === undefined ? about : `${about} (default: ${usually})`;
}
