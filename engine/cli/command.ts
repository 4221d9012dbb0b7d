import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { EngineError } from '../base/errors.ts';
import { EXIT_CODES } from '../base/exit-codes.ts';
import type { Flags, Output } from '../options/flags.ts';
import { parseLocalAddresses } from '../options/local-addresses.ts';
import { argumentsFromEnvironment, plainArguments, saysWhatToRun } from './arguments.ts';
import { parsePair, parseVariable } from './parse-pair.ts';

/** Handlers of the commands. */
export interface Actions {
  run(flags: Flags): Promise<void>;
  version(): void;
}

/**
 * Parses the command line and the `K6_*` variables of the environment, and runs the command. Names are those of k6
 * where it has them. Unknown flags are refused by name.
 *
 * @param argv Without the paths of Node and the engine.
 * @throws CommanderError for invalid arguments, after it has been printed to stderr.
 */
export async function runCommand(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  actions: Actions,
): Promise<void> {
  const [name = '', ...args] = argv;
  if (name !== 'run') return void (await createCommand(actions, environment).parseAsync(argv, { from: 'user' }));
  const fromEnvironment = argumentsFromEnvironment(args, environment);
  for (const { variable, args: own } of fromEnvironment) await assertFits(variable, own);
  const level = saysWhatToRun(args) ? 'cli' : 'env';
  const command = createCommand({ ...actions, run: (flags) => actions.run({ ...flags, level }) }, environment);
  const complete = [...fromEnvironment.flatMap(({ args: own }) => own), ...plainArguments(args)];
  await command.parseAsync(['run', ...complete], { from: 'user' });
}

/** @throws EngineError INVALID_OPTIONS that names the variable. An invalid flag ends with a different exit code. */
async function assertFits(variable: string, args: readonly string[]): Promise<void> {
  const command = createCommand({ run: async () => {}, version() {} }, {});
  for (const one of command.commands) one.configureOutput({ writeErr() {} });
  try {
    await command.parseAsync(['run', ...args, 'script'], { from: 'user' });
  } catch (error) {
    const reason = (error as Error).message.replace(/^error: option '[^']*' /, '');
    throw new EngineError(
      'INVALID_OPTIONS',
      `the variable ${variable} does not fit: ${reason}`,
      EXIT_CODES.invalidOptions,
    );
  }
}

function createCommand(actions: Actions, environment: NodeJS.ProcessEnv): Command {
  const program = new Command('proofload-embedded').exitOverride().description('Runs k6 scripts in Node.');
  program.command('version').description('show the version').action(actions.version);
  program
    .command('run')
    .description('run a test script')
    .argument('<script>', 'the script, an ES module in TypeScript or JavaScript')
    .option('-e, --env <NAME=VALUE>', 'add to __ENV', parseVariable, {})
    .option('--include-system-env-vars', 'have the environment in __ENV (the default)', true)
    .option('--no-include-system-env-vars')
    .option('--tag <name=value>', 'add a tag to all samples', parsePair, {})
    .option('-o, --out <json=FILE|csv=FILE>', 'write every sample to a file', output, [])
    .option('--summary-export <FILE>', 'write the summary to a file')
    .option('--no-summary', 'no summary, not even by handleSummary()')
    .addOption(
      new Option('--summary-mode <mode>', 'disabled is --no-summary')
        .choices(['compact', 'full', 'disabled'])
        .default('compact'),
    )
    .option('--no-thresholds', 'leave thresholds out')
    .option('--no-setup', 'leave setup() out')
    .option('--no-teardown', 'leave teardown() out')
    .option('--no-usage-report', 'as in k6; nothing is reported anyhow')
    .option('--workers <number>', 'threads that share the VUs (PROOFLOAD_WORKERS)', workers, 1)
    .option('--local-ips <A-B,…>', 'addresses that VUs send from, in turn', parseLocalAddresses, [])
    .addOption(new Option('--log-format <format>', 'of the log on stderr').choices(['json', 'text']).default('text'))
    .option('-v, --verbose', 'log debugging lines too', false)
    .option('-q, --quiet', 'no progress; there is none anyhow', false)
    .option('--no-color', 'no colours')
    .option(
      '-c, --config <FILE>',
      "k6's JSON configuration: options for all that the script leaves open",
      configuration,
    )
    .option('-u, --vus <number>', 'number of VUs', count)
    .option('-i, --iterations <number>', 'number of iterations, shared among the VUs', count)
    .option('-d, --duration <duration>', 'how long to begin iterations for, such as 30s')
    .option('-s, --stage <duration:target>', 'a stage of a ramp of VUs, such as 1m:10', stage)
    .option('--execution-segment <from:to>', 'the part of the test that is run here, such as 1/4:1/2')
    .option('--execution-segment-sequence <bounds>', 'the bounds of all parts, such as 0,1/4,1/2,1')
    .option('--rps <number>', 'requests a second, at most', count)
    .option('--max-redirects <number>', 'redirects that are followed', count)
    .option('--batch <number>', 'requests of a batch at once', count)
    .option('--batch-per-host <number>', 'requests of a batch at once to one host', count)
    .option('--user-agent <text>', 'the header User-Agent')
    .option('--http-debug <headers|full>', 'log requests and responses')
    .option('--block-hostnames <patterns>', 'hosts that nothing is sent to, such as *.example.com', list)
    .option('--blacklist-ip <networks>', 'networks that nothing is sent to, such as 10.0.0.0/8', list)
    .option('--dns <ttl=…,select=…,policy=…>', 'for how long addresses are kept, and which is taken', pairs)
    .option('--insecure-skip-tls-verify', "don't verify certificates")
    .option('--no-connection-reuse', 'a connection for each request')
    .option('--no-vu-connection-reuse', 'connections for each iteration')
    .option('--no-cookies-reset', 'cookies last from one iteration to the next')
    .option('--discard-response-bodies', "don't keep bodies, unless a request asks for it")
    .option('-w, --throw', 'throw where a request fails')
    .option('--min-iteration-duration <duration>', 'how long an iteration takes at least')
    .option('--summary-trend-stats <stats>', 'such as avg,p(95)', list)
    .addOption(new Option('--summary-time-unit <unit>', 'of times in the summary').choices(['s', 'ms', 'us']))
    .option('--system-tags <tags>', 'the tags of k6 itself, such as status,method', list)
    .option('--strict', 'judge more strictly than k6: docs/engines.md')
    .option('--max-late <duration>', 'with --strict: an iteration that begins so much later than due is late')
    .option('--max-missed <share>', 'with --strict: how many iterations may be late or dropped, such as 1%')
    .action((script: string, given: Record<string, unknown>) => actions.run(toFlags(script, given, environment)));
  return program;
}

/** Flags that are also script options of the same name. */
const OPTIONS = [
  ...['vus', 'iterations', 'duration', 'executionSegment', 'executionSegmentSequence', 'rps', 'maxRedirects', 'batch'],
  ...['batchPerHost', 'userAgent', 'httpDebug', 'discardResponseBodies', 'throw', 'minIterationDuration'],
  ...['blockHostnames', 'dns', 'summaryTrendStats', 'summaryTimeUnit', 'systemTags'],
];

const STRICTNESS = ['strict', 'maxLate', 'maxMissed'];

function toFlags(script: string, given: Record<string, unknown>, environment: NodeJS.ProcessEnv): Flags {
  const named = Object.entries(given).filter(([name]) => OPTIONS.includes(name));
  const options = {
    ...Object.fromEntries(named),
    ...(given.stage !== undefined && { stages: given.stage }),
    ...(given.blacklistIp !== undefined && { blacklistIPs: given.blacklistIp }),
    ...(given.insecureSkipTlsVerify === true && { insecureSkipTLSVerify: true }),
    ...(given.connectionReuse === false && { noConnectionReuse: true }),
    ...(given.vuConnectionReuse === false && { noVUConnectionReuse: true }),
    ...(given.cookiesReset === false && { noCookiesReset: true }),
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
    logFormat: own.logFormat,
    verbose: own.verbose,
    color: own.color,
    summary: own.summary && given.summaryMode !== 'disabled',
    thresholds: own.thresholds,
    setup: own.setup,
    teardown: own.teardown,
    config: own.config,
    level: 'cli',
    strictness: Object.fromEntries(Object.entries(given).filter(([name]) => STRICTNESS.includes(name))),
    options,
  };
}

function output(text: string, earlier: readonly Output[]): Output[] {
  const [, format, file] = /^(json|csv)=(.+)$/.exec(text) ?? [];
  if (file === undefined) {
    throw new InvalidArgumentError('only json=FILE and csv=FILE are available in the embedded engine');
  }
  return [...earlier, { format: format as Output['format'], file }];
}

function count(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}

/** More threads than this give no benefit. */
const MOST_WORKERS = 64;

function workers(text: string): number {
  const number = count(text);
  if (number >= 1 && number <= MOST_WORKERS) return number;
  throw new InvalidArgumentError(`expected a number from 1 to ${MOST_WORKERS}`);
}

function stage(text: string, earlier: readonly object[] = []): object[] {
  const [, duration, target] = /^(.*):(\d+)$/.exec(text.trim()) ?? [];
  if (target === undefined) throw new InvalidArgumentError('expected a duration and a number of VUs, such as 1m:10');
  return [...earlier, { duration, target: Number(target) }];
}

function pairs(text: string): Record<string, string> {
  const given = Object.fromEntries(text.split(',').map((pair) => pair.split('=').map((part) => part.trim())));
  for (const [name, value] of Object.entries(given)) {
    if (!['ttl', 'select', 'policy'].includes(name) || !value) {
      throw new InvalidArgumentError('expected ttl=…, select=… and policy=…');
    }
  }
  return given;
}

const list = (text: string): string[] => text.split(',').map((item) => item.trim());

function configuration(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
