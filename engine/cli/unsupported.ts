import { EngineError, USE_K6 } from '../base/errors.ts';

/** A k6 feature that the engine doesn't support. It is rejected by name unless its value has no effect. */
interface Unsupported {
  /** The environment variable. */
  readonly variable: string;
  /** The flag without its leading dashes, if there is one, and its short form. */
  readonly flag?: string;
  readonly short?: string | undefined;
  /** Matches values that have no effect. */
  readonly harmless: RegExp;
  /** An alternative to suggest in the error message. */
  readonly instead: string;
}

const OFF = /^(|0|f|false)$/i;
const EMPTY = /^$/;
const NO_API = `there is no REST API; ${USE_K6}`;
const IN_OPTIONS = "set it in the script's options or with --config";

/** Returns the environment variable that k6 reads for a flag. */
export const variableOf = (flag: string): string => `K6_${flag.toUpperCase().replaceAll('-', '_')}`;

const ofVariables = (names: string, harmless: RegExp, instead: string): Unsupported[] =>
  names.split(' ').map((variable) => ({ variable, harmless, instead }));

const ofFlag = (flag: string, harmless: RegExp, instead: string, short?: string): Unsupported => ({
  variable: variableOf(flag),
  flag,
  short,
  harmless,
  instead,
});

/**
 * Features of k6 v2.2.0, and those that v2 removed. Variables that aren't listed have no effect here: they either
 * belong to outputs, the cloud or the browser, which are rejected themselves, or set download and cache locations.
 */
const UNSUPPORTED: readonly Unsupported[] = [
  ...ofVariables('K6_SETUP_TIMEOUT K6_TEARDOWN_TIMEOUT K6_HANDLE_SUMMARY_TIMEOUT', EMPTY, IN_OPTIONS),
  ...ofVariables('K6_NO_COOKIES_RESET', OFF, IN_OPTIONS),
  ...ofVariables('K6_THRESHOLDS K6_TAGS K6_HOSTS K6_TLS_CIPHER_SUITES K6_TLSAUTH', EMPTY, IN_OPTIONS),
  ...ofVariables('K6_CSV_FILENAME K6_CSV_SAVE_INTERVAL', EMPTY, 'name the file by --out csv=FILE'),
  ...ofVariables('K6_CSV_TIME_FORMAT', /^(|unix)$/, 'times are Unix seconds'),
  ...ofVariables('K6_WEB_DASHBOARD', OFF, `use --out json=FILE or --out csv=FILE, or ${USE_K6}`),
  ...ofVariables('K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM', OFF, USE_K6),
  ofFlag('no-summary', OFF, 'k6 v2 removed it; use --summary-mode=disabled'),
  ofFlag('paused', OFF, NO_API, 'p'),
  ofFlag('linger', OFF, NO_API, 'l'),
  ofFlag('address', EMPTY, NO_API, 'a'),
  ofFlag('profiling-enabled', OFF, NO_API),
  ofFlag('log-output', /^(|stderr)$/, 'the log goes to stderr, its only value'),
  ofFlag('console-output', EMPTY, 'the console of scripts goes to stderr, with source=console'),
  ofFlag('compatibility-mode', /^(|extended)$/, 'only extended is supported'),
  ofFlag('type', /^(|js)$/, `only scripts are supported, not archives; ${USE_K6}`, 't'),
  ofFlag('features', EMPTY, USE_K6),
  ofFlag('traces-output', /^(|none)$/, 'only none is supported'),
  ofFlag('secret-source', EMPTY, USE_K6),
  ofFlag('new-machine-readable-summary', OFF, 'only the classic format is supported'),
];

/** @throws EngineError INVALID_OPTIONS for a variable that k6 supports and the engine does not. */
export function refuseVariables(environment: NodeJS.ProcessEnv): void {
  for (const { variable, harmless, instead } of UNSUPPORTED) {
    const value = environment[variable];
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
