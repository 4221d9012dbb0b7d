import { Command } from 'commander';
import { EngineError } from '../base/errors.ts';
import type { Flags } from '../options/flags.ts';
import { ownOptions } from '../options/own-options.ts';
import { OPTIONS } from '../options/script-options.ts';
import { argumentsFromEnvironment, plainArguments, saysWhatToRun } from './arguments.ts';
import { declareRun } from './declare-run.ts';

/** The command handlers. */
export interface Actions {
  run(flags: Flags): Promise<void>;
  version(): void;
}

/**
 * Parses the command line and the environment's `K6_*` variables, then runs the command. Features that k6 also has use
 * the same names. Unknown flags are rejected by name.
 *
 * @param argv Arguments without the paths of Node and the engine.
 * @throws CommanderError for invalid arguments, after printing the error to stderr
 */
export async function runCommand(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  actions: Actions,
): Promise<void> {
  const [name = '', ...args] = argv;
  if (name !== 'run') return void (await createCommand(actions, environment).parseAsync(argv, { from: 'user' }));
  const fromEnvironment = argumentsFromEnvironment(args, { ...environment, ...(await addedVariables(args)) });
  for (const { variable, args: own } of fromEnvironment) await assertFits(variable, own);
  const level = saysWhatToRun(args) ? 'cli' : 'env';
  const command = createCommand({ ...actions, run: (flags) => actions.run({ ...flags, level }) }, environment);
  const complete = [...fromEnvironment.flatMap(({ args: own }) => own), ...plainArguments(args)];
  await command.parseAsync(['run', ...complete], { from: 'user' });
}

/** Variables that k6 reads before `-e` changes its environment. */
const READ_EARLIER =
  /^K6_(CONFIG|INCLUDE_SYSTEM_ENV_VARS|LOG_FORMAT|NO_COLOR|NO_THRESHOLDS|QUIET|SUMMARY_EXPORT|SUMMARY_MODE|VERBOSE)$/;

/** Returns the variables of `-e` that set options, as in k6: `-e K6_ITERATIONS=3`. */
async function addedVariables(args: readonly string[]): Promise<Record<string, string>> {
  const given = plainArguments(args);
  if (given.includes('--no-include-system-env-vars') || !given.some((text) => /^(-e|--env)/.test(text))) return {};
  let added = {};
  const run = async ({ env }: Flags) => {
    added = env;
  };
  await createCommand({ run, version() {} }, {}).parseAsync(['run', ...given], { from: 'user' });
  return pick(added, (name) => name.startsWith('K6_') && !READ_EARLIER.test(name)) as Record<string, string>;
}

/** @throws EngineError INVALID_OPTIONS with the name of the variable. An invalid flag has a different exit code. */
async function assertFits(variable: string, args: readonly string[]): Promise<void> {
  const command = createCommand({ run: async () => {}, version() {} }, {});
  for (const subcommand of command.commands) subcommand.configureOutput({ writeErr() {} });
  try {
    await command.parseAsync(['run', ...args, 'script'], { from: 'user' });
  } catch (error) {
    const reason = (error as Error).message.replace(/^error: option '[^']*' /, '');
    throw new EngineError('INVALID_OPTIONS', `the variable ${variable} is invalid: ${reason}`);
  }
}

function createCommand(actions: Actions, environment: NodeJS.ProcessEnv): Command {
  const program = new Command('proofload').exitOverride().description('Runs k6 scripts in Node.');
  program.command('version').description('show the version').action(actions.version);
  declareRun(program.command('run')).action((script: string, given: Record<string, unknown>) =>
    actions.run(toFlags(script, given, environment)),
  );
  return program;
}

function toFlags(script: string, given: Record<string, unknown>, environment: NodeJS.ProcessEnv): Flags {
  const options = {
    // The flag `--no-thresholds` is a switch, whereas the option of scripts contains the thresholds.
    ...pick(given, (name) => Object.hasOwn(OPTIONS, name) && name !== 'thresholds'),
    ...(given.stage !== undefined && { stages: given.stage }),
    ...(given.blacklistIp !== undefined && { blacklistIPs: given.blacklistIp }),
    ...(given.insecureSkipTlsVerify === true && { insecureSkipTLSVerify: true }),
    ...(given.connectionReuse === false && { noConnectionReuse: true }),
    ...(given.vuConnectionReuse === false && { noVUConnectionReuse: true }),
  };
  const own = given as unknown as Flags & { env: Flags['env']; tag: Flags['tags']; out: Flags['outputs'] };
  return {
    script,
    env: { ...(given.includeSystemEnvVars === true && (environment as Flags['env'])), ...own.env },
    tags: own.tag,
    outputs: own.out,
    summaryExport: own.summaryExport,
    workers: own.workers,
    localAddresses: given.localIps as readonly string[],
    jslib: own.jslib,
    logFormat: own.logFormat,
    verbose: own.verbose,
    color: own.color && environment.NO_COLOR === undefined,
    progress: given.quiet !== true,
    summaryMode: own.summaryMode,
    thresholds: own.thresholds,
    setup: own.setup,
    teardown: own.teardown,
    config: own.config,
    level: 'cli',
    own: pick(given, (name) => Object.hasOwn(ownOptions.shape, name)),
    options,
  };
}

/** Returns the fields whose names fit. */
const pick = (given: Record<string, unknown>, fits: (name: string) => boolean): Record<string, unknown> =>
  Object.fromEntries(Object.entries(given).filter(([name]) => fits(name)));

/** Returns the flags of a command line that names only a script. */
export const flagsFor = (path: string): Flags =>
  toFlags(path, declareRun(new Command()).parse(['script'], { from: 'user' }).opts(), {});
