import { EngineError, USE_K6 } from '../base/errors.ts';

/** A k6 feature that the engine doesn't support. It is rejected by name unless its value has no effect. */
interface Unsupported {
  /** The environment variable. */
  readonly variable?: string;
  /** The flag without its leading dashes, and its short form. */
  readonly flag?: string;
  readonly short?: string;
  /** Matches values that have no effect. */
  readonly harmless: RegExp;
  /** An alternative to suggest in the error message. */
  readonly instead: string;
}

const OFF = /^(|0|f|false)$/i;
const EMPTY = /^$/;
const NO_API = `there is no REST API; ${USE_K6}`;

function inOptions(name: string): Unsupported {
  return { variable: `K6_${name}`, harmless: EMPTY, instead: "set it in the script's options or with --config" };
}

/**
 * Features of k6 v2.2.0, and those that v2 removed. Variables that aren't listed have no effect here: they either
 * belong to outputs, the cloud or the browser, which are rejected themselves, or set download and cache locations.
 */
const UNSUPPORTED: readonly Unsupported[] = [
  ...['SETUP_TIMEOUT', 'TEARDOWN_TIMEOUT', 'HANDLE_SUMMARY_TIMEOUT', 'THRESHOLDS', 'TAGS', 'HOSTS'].map(inOptions),
  ...['TLS_CIPHER_SUITES', 'TLSAUTH'].map(inOptions),
  ...['K6_CSV_FILENAME', 'K6_CSV_SAVE_INTERVAL'].map((variable) => ({
    variable,
    harmless: EMPTY,
    instead: 'name the file by --out csv=FILE',
  })),
  { variable: 'K6_CSV_TIME_FORMAT', harmless: /^(|unix)$/, instead: 'times are Unix seconds' },
  {
    variable: 'K6_NO_SUMMARY',
    flag: 'no-summary',
    harmless: OFF,
    instead: 'k6 v2 removed it; use --summary-mode=disabled',
  },
  { variable: 'K6_PAUSED', flag: 'paused', short: 'p', harmless: OFF, instead: NO_API },
  { variable: 'K6_LINGER', flag: 'linger', short: 'l', harmless: OFF, instead: NO_API },
  { variable: 'K6_ADDRESS', flag: 'address', short: 'a', harmless: EMPTY, instead: NO_API },
  { variable: 'K6_PROFILING_ENABLED', flag: 'profiling-enabled', harmless: OFF, instead: NO_API },
  { variable: 'K6_WEB_DASHBOARD', harmless: OFF, instead: `use --out json=FILE or --out csv=FILE, or ${USE_K6}` },
  {
    variable: 'K6_LOG_OUTPUT',
    flag: 'log-output',
    harmless: /^(|stderr)$/,
    instead: 'the log goes to stderr, its only value',
  },
  {
    variable: 'K6_CONSOLE_OUTPUT',
    flag: 'console-output',
    harmless: EMPTY,
    instead: 'the console of scripts goes to stderr, with source=console',
  },
  {
    variable: 'K6_COMPATIBILITY_MODE',
    flag: 'compatibility-mode',
    harmless: /^(|extended)$/,
    instead: 'only extended is supported',
  },
  {
    variable: 'K6_TYPE',
    flag: 'type',
    short: 't',
    harmless: /^(|js)$/,
    instead: `only scripts are supported, not archives; ${USE_K6}`,
  },
  { variable: 'K6_FEATURES', flag: 'features', harmless: EMPTY, instead: USE_K6 },
  { variable: 'K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM', harmless: OFF, instead: USE_K6 },
  { variable: 'K6_TRACES_OUTPUT', flag: 'traces-output', harmless: /^(|none)$/, instead: 'only none is supported' },
  { variable: 'K6_SECRET_SOURCE', flag: 'secret-source', harmless: EMPTY, instead: USE_K6 },
  {
    variable: 'K6_NEW_MACHINE_READABLE_SUMMARY',
    flag: 'new-machine-readable-summary',
    harmless: OFF,
    instead: 'only the classic format is supported',
  },
];

/** @throws EngineError INVALID_OPTIONS for a variable that k6 supports and the engine does not. */
export function refuseVariables(environment: NodeJS.ProcessEnv): void {
  for (const { variable, harmless, instead } of UNSUPPORTED) {
    const value = variable === undefined ? undefined : environment[variable];
    if (value !== undefined && !harmless.test(value)) throw refused(`the variable ${variable}`, instead);
  }
}

/**
 * Removes flags that have no effect, such as `--linger=false`.
 *
 * @throws EngineError INVALID_OPTIONS for a flag that k6 supports and the engine does not
 */
export function withoutUnsupported(args: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const argument = args[at] as string;
    const [, long, equals] = /^--([a-z-]+)(?:=(.*))?$/s.exec(argument) ?? [];
    const short = /^-([a-z])$/.exec(argument)?.[1];
    const found = UNSUPPORTED.find(
      ({ flag, short: letter }) => flag !== undefined && (flag === long || (letter !== undefined && letter === short)),
    );
    if (!found) {
      kept.push(argument);
      continue;
    }
    const isSwitch = found.harmless === OFF;
    const value = equals ?? (isSwitch ? 'true' : args[at + 1]);
    if (equals === undefined && !isSwitch) at += 1;
    if (!found.harmless.test(value ?? '')) throw refused(`the flag --${found.flag}`, found.instead);
  }
  return kept;
}

const refused = (what: string, instead: string): EngineError =>
  new EngineError('INVALID_OPTIONS', `${what} is not available in the embedded engine: ${instead}`);
