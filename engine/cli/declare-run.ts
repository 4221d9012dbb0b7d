import { readFileSync, statSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { USE_K6 } from '../base/errors.ts';
import { LOG_FORMATS } from '../base/logger.ts';
import { type Output, SUMMARY_MODES } from '../options/flags.ts';
import { parseLocalAddresses } from '../options/local-addresses.ts';
import { parsePair, parseVariable } from './parse-pair.ts';

/** Declares the argument and the options of `run`. */
export const declareRun = (command: Command): Command =>
  command
    .description('run a test script')
    .argument('<script>', 'the script in TypeScript or JavaScript, or - for standard input', script)
    .option('-e, --env <NAME=VALUE>', 'add to __ENV', parseVariable, {})
    .option('--include-system-env-vars', 'add the environment to __ENV (the default)', true)
    .option('--no-include-system-env-vars')
    .option('--tag <name=value>', 'add a tag to all samples', parsePair, {})
    .option('-o, --out <json=FILE|csv=FILE>', 'write every sample to a file', output, [])
    .option('--summary-export <FILE>', 'write the summary to a file')
    .addOption(
      new Option(
        '--summary-mode <mode>',
        'full also shows groups and scenarios; disabled shows nothing, and handleSummary() is not called',
      )
        .choices(SUMMARY_MODES)
        .default('compact'),
    )
    .option('--no-thresholds', 'ignore thresholds')
    .option('--no-setup', 'skip setup()')
    .option('--no-teardown', 'skip teardown()')
    .option('--no-usage-report', 'accepted for compatibility; no usage is reported')
    .option('--workers <number>', 'threads that share the VUs (PROOFLOAD_WORKERS)', workers, 1)
    .option('--jslib <DIR>', 'the folder for imports of https://jslib.k6.io (PROOFLOAD_JSLIB)', folder)
    .option('--local-ips <A-B,…>', 'local addresses for the VUs, in turn', parseLocalAddresses, [])
    .addOption(
      new Option('--log-format <format>', 'the format of the log on stderr').choices(LOG_FORMATS).default('text'),
    )
    .option('-v, --verbose', 'log debug lines too', false)
    .option('-q, --quiet', 'print no progress', false)
    .option('--no-color', 'no colours')
    .option(
      '-c, --config <FILE>',
      "k6's JSON configuration: defaults for options that the script does not set",
      configuration,
    )
    .option('-u, --vus <number>', 'number of VUs', count)
    .option('-i, --iterations <number>', 'number of iterations, shared among the VUs', count)
    .option('-d, --duration <duration>', 'the period in which iterations start, such as 30s')
    .option('-s, --stage <duration:target>', 'stages of a ramp of VUs, such as 1m:10,30s:0', stages)
    .option('--execution-segment <from:to>', 'the part of the test to run, such as 1/4:1/2')
    .option('--execution-segment-sequence <bounds>', 'the bounds of all parts, such as 0,1/4,1/2,1')
    .option('--rps <number>', 'the maximum number of requests per second', count)
    .option('--max-redirects <number>', 'the maximum number of redirects', count)
    .option('--batch <number>', 'concurrent requests of a batch', count)
    .option('--batch-per-host <number>', 'concurrent requests of a batch to one host', count)
    .option('--user-agent <text>', 'the User-Agent header')
    .option('--http-debug <headers|full>', 'log requests and responses')
    .option('--block-hostnames <patterns>', 'blocked hosts, such as *.example.com', list)
    .option('--blacklist-ip <networks>', 'blocked networks, such as 10.0.0.0/8', list)
    .option('--dns <ttl=…,select=…,policy=…>', 'how long to cache addresses, and which one to select', pairs)
    .option('--insecure-skip-tls-verify', "don't verify certificates")
    .option('--no-connection-reuse', 'open a new connection for each request')
    .option('--no-vu-connection-reuse', 'open new connections for each iteration')
    .option('--discard-response-bodies', 'discard response bodies unless a request sets responseType')
    .option('-w, --throw', 'throw if a request fails')
    .option('--min-iteration-duration <duration>', 'the minimum duration of an iteration')
    .option('--summary-trend-stats <stats>', 'statistics of Trend metrics in the summary, such as avg,p(95)', list)
    .addOption(new Option('--summary-time-unit <unit>', 'the unit of times in the summary').choices(['s', 'ms', 'us']))
    .option('--system-tags <tags>', 'the enabled system tags, such as status,method', list)
    .option('--strict', 'judge more strictly than k6, see docs/engines.md')
    .option('--max-late <duration>', 'with --strict: an iteration that starts this much after its due time is late')
    .option('--max-missed <share>', 'with --strict: the share of iterations that may be late or dropped, such as 1%')
    .option('--max-body-size <size>', 'a request fails if its response has a larger body, such as 16MiB');

function output(text: string, earlier: readonly Output[]): Output[] {
  const [, format, file] = /^(json|csv)=(.+)$/.exec(text) ?? [];
  if (file === undefined) {
    throw new InvalidArgumentError(`only json=FILE and csv=FILE are available in the embedded engine: ${USE_K6}`);
  }
  return [...earlier, { format: format as Output['format'], file }];
}

function count(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}

/** Maximum number of worker threads. Using more has no benefit. */
const MOST_WORKERS = 64;

function workers(text: string): number {
  const number = count(text);
  if (number >= 1 && number <= MOST_WORKERS) return number;
  throw new InvalidArgumentError(`expected a number from 1 to ${MOST_WORKERS}`);
}

function stages(text: string, earlier: readonly object[] = []): object[] {
  const given = text.split(',').map((stage) => {
    const [, duration, target] = /^(.*):(\d+)$/.exec(stage.trim()) ?? [];
    if (target === undefined) throw new InvalidArgumentError('expected a duration and a number of VUs, such as 1m:10');
    return { duration, target: Number(target) };
  });
  return [...earlier, ...given];
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

function script(path: string): string {
  if (path.endsWith('.tar'))
    throw new InvalidArgumentError(`archives are not available in the embedded engine: ${USE_K6}`);
  return path;
}

function folder(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new InvalidArgumentError('expected a folder');
}

function configuration(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
