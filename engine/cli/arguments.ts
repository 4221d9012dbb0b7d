import { Command } from 'commander';
import { declareRun } from './declare-run.ts';
import { refuseVariables, variableOf, withoutUnsupported } from './unsupported.ts';

const FLAGS = declareRun(new Command()).options;
const SHORT = new Map(FLAGS.flatMap(({ short, long = '' }) => (short ? [[short, long.slice(2)]] : [])));

/** Flags that can't be set through an environment variable. */
const NO_VARIABLE = ['env', 'tag', 'execution-segment', 'execution-segment-sequence', 'no-include-system-env-vars'];

/** Flags that a variable can set, as in k6: `K6_` followed by the flag's name in upper case. */
const [VALUED, SWITCHES] = [true, false].map((required) =>
  FLAGS.filter((flag) => flag.required === required)
    .map(({ long = '' }) => long.slice(2))
    .filter((name) => !NO_VARIABLE.includes(name)),
) as [string[], string[]];

/** Variables whose names differ from their flags. k6 has no `workers` and `jslib` flags. */
const VARIABLES: Readonly<Record<string, string>> = {
  stage: 'K6_STAGES',
  'blacklist-ip': 'K6_BLACKLIST_IPS',
  workers: 'PROOFLOAD_WORKERS',
  jslib: 'PROOFLOAD_JSLIB',
};
/** Shortcut flags. If any of them is given on the command line, shortcuts in the environment are ignored. */
const SHORTCUTS = ['iterations', 'duration', 'stage'];

/** An argument derived from an environment variable. */
interface FromEnvironment {
  readonly variable: string;
  readonly args: readonly string[];
}

/**
 * Converts k6's environment variables to arguments. A flag overrides its variable.
 *
 * @param args Arguments after `run`.
 * @throws EngineError INVALID_OPTIONS for a variable that k6 supports and the engine does not
 */
export function argumentsFromEnvironment(args: readonly string[], environment: NodeJS.ProcessEnv): FromEnvironment[] {
  refuseVariables(environment);
  const given = new Set(args.map(nameOf));
  const says = (flag: string) => given.has(flag) || (SHORTCUTS.includes(flag) && saysWhatToRun(args));
  return [...VALUED, ...SWITCHES].flatMap((flag) => {
    const variable = VARIABLES[flag] ?? variableOf(flag);
    const value = environment[variable];
    if (value === undefined || value === '' || says(flag)) return [];
    return [{ variable, args: plain(`--${flag}=${value}`) }];
  });
}

/** Whether the arguments specify what to run. `--vus` alone doesn't. */
export const saysWhatToRun = (args: readonly string[]): boolean =>
  args.some((argument) => SHORTCUTS.includes(nameOf(argument)));

/**
 * Normalizes the arguments of `run`. Switches may have any form that k6 accepts, such as `--throw=false` or
 * `--http-debug`.
 *
 * @throws EngineError INVALID_OPTIONS for a flag that k6 supports and the engine does not
 */
export const plainArguments = (args: readonly string[]): string[] => withoutUnsupported(args).flatMap(plain);

function nameOf(argument: string): string {
  const long = /^--([a-z-]+)/.exec(argument)?.[1];
  return long ?? SHORT.get(/^-[a-z]/.exec(argument)?.[0] ?? '') ?? '';
}

function plain(argument: string): string[] {
  if (argument === '--http-debug') return ['--http-debug=headers'];
  const [, flag = '', value = ''] = /^--([a-z-]+)=(.*)$/s.exec(argument) ?? [];
  if (!SWITCHES.includes(flag)) return [argument];
  if (/^(1|t|true)$/i.test(value)) return [`--${flag}`];
  // `include-system-env-vars` is the only switch that is on by default.
  if (/^(0|f|false)$/i.test(value)) return flag === 'include-system-env-vars' ? [`--no-${flag}`] : [];
  // Let the parser reject it with a message that names the flag.
  return [argument];
}
