import { EngineError } from '../errors.ts';
import { EXIT_CODES } from '../exit-codes.ts';

/** Flags that k6 takes from its environment too: the variable is the flag's name in capitals behind `K6_`. */
const VALUED = [
  ...['vus', 'iterations', 'duration', 'stage', 'out', 'summary-export', 'summary-mode'],
  ...['local-ips', 'log-format', 'config', 'workers'],
  ...[
    'execution-segment',
    'execution-segment-sequence',
    'rps',
    'max-redirects',
    'batch',
    'batch-per-host',
    'user-agent',
    'block-hostnames',
    'blacklist-ip',
    'dns',
  ],
  ...[
    'max-late',
    'max-missed',
    'http-debug',
    'min-iteration-duration',
    'summary-trend-stats',
    'summary-time-unit',
    'system-tags',
  ],
];
const SWITCHES = [
  ...['throw', 'insecure-skip-tls-verify', 'no-connection-reuse', 'no-vu-connection-reuse', 'discard-response-bodies'],
  ...['no-summary', 'no-thresholds', 'no-setup', 'no-teardown', 'no-color', 'no-usage-report', 'no-cookies-reset'],
  ...['include-system-env-vars', 'quiet', 'verbose', 'strict'],
];
/** Where a variable has a name of its own; `workers` is no flag of k6's. */
const VARIABLES: Readonly<Record<string, string>> = {
  stage: 'K6_STAGES',
  'blacklist-ip': 'K6_BLACKLIST_IPS',
  workers: 'PROOFLOAD_WORKERS',
};
const SHORT: Readonly<Record<string, string>> = {
  ...{ u: 'vus', i: 'iterations', d: 'duration', s: 'stage', o: 'out', c: 'config', q: 'quiet', v: 'verbose' },
};
/** Of k6 too, and without a flag: what they ask for can be said in options. */
const REFUSED = [
  ...['K6_PAUSED', 'K6_LINGER', 'K6_SETUP_TIMEOUT', 'K6_TEARDOWN_TIMEOUT', 'K6_THRESHOLDS', 'K6_TAGS', 'K6_HOSTS'],
  ...['K6_TLS_CIPHER_SUITES', 'K6_TLSAUTH', 'K6_CONSOLE_OUTPUT'],
];

/** What is to be run is said on one level: flags for it push those of the environment aside. */
const SHORTCUTS = ['iterations', 'duration', 'stage'];

/**
 * The arguments of `run` with what k6 reads from its environment put before them, and switches as k6 writes them
 * (`--throw=false`, `--http-debug`) as this command line knows them.
 *
 * @param args Behind `run`.
 * @throws EngineError INVALID_OPTIONS for a variable that k6 would obey, and that is not available here.
 */
export function completeArguments(args: readonly string[], environment: NodeJS.ProcessEnv): string[] {
  const refused = REFUSED.find((name) => !/^(|0|f|false)$/i.test(environment[name] ?? ''));
  if (refused !== undefined) {
    throw new EngineError(
      'INVALID_OPTIONS',
      `the variable ${refused} is not available in the embedded engine: say it in the script's options, or by --config`,
      EXIT_CODES.invalidOptions,
    );
  }
  const given = new Set(args.map(nameOf));
  const says = (flag: string) =>
    given.has(flag) || (SHORTCUTS.includes(flag) && SHORTCUTS.some((one) => given.has(one)));
  const fromEnvironment = [...VALUED, ...SWITCHES].flatMap((flag) => {
    const value = environment[VARIABLES[flag] ?? `K6_${flag.toUpperCase().replaceAll('-', '_')}`];
    if (value === undefined || value === '' || says(flag)) return [];
    return (flag === 'stage' ? value.split(',') : [value]).map((one) => `--${flag}=${one}`);
  });
  return [...fromEnvironment, ...args].flatMap(plain);
}

function nameOf(argument: string): string {
  const long = /^--([a-z-]+)/.exec(argument)?.[1];
  return long ?? SHORT[/^-([a-z])/.exec(argument)?.[1] ?? ''] ?? '';
}

function plain(argument: string): string[] {
  if (argument === '--http-debug') return ['--http-debug=headers'];
  const [, flag = '', value = ''] = /^--([a-z-]+)=(.*)$/s.exec(argument) ?? [];
  if (!SWITCHES.includes(flag)) return [argument];
  if (/^(1|t|true)$/i.test(value)) return [`--${flag}`];
  // The only one that is on by itself.
  if (/^(0|f|false)$/i.test(value)) return flag === 'include-system-env-vars' ? [`--no-${flag}`] : [];
  // Refused with the flag's name.
  return [argument];
}
