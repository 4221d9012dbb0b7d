import { Command, InvalidArgumentError, Option } from 'commander';
import type { Flags, Output } from '../options/flags.ts';
import { parseLocalAddresses } from '../options/local-addresses.ts';
import { parsePair } from './parse-pair.ts';

/** What the command line asks for. */
export interface Actions {
  run(flags: Flags): Promise<void>;
  version(): void;
}

/**
 * The engine's command line, with k6's names for what k6 has too. Unknown flags are refused by name.
 *
 * @throws CommanderError where the arguments do not fit; it has been written to stderr then.
 */
export function createCommand(actions: Actions): Command {
  const program = new Command('proofload-embedded').exitOverride().description('Runs k6 scripts in Node.');
  program.command('version').description('show the version').action(actions.version);
  program
    .command('run')
    .description('run a test script')
    .argument('<script>', 'the script, an ES module in TypeScript or JavaScript')
    .option('-e, --env <NAME=VALUE>', 'add to __ENV', parsePair, {})
    .option('--tag <name=value>', 'add a tag to all samples', parsePair, {})
    .option('-o, --out <json=FILE|csv=FILE>', 'write every sample to a file', output, [])
    .option('--summary-export <FILE>', 'write the summary to a file')
    .option('--local-ips <A-B,…>', 'addresses that VUs send from, in turn', parseLocalAddresses, [])
    .addOption(new Option('--log-format <format>', 'of the log on stderr').choices(['json', 'text']).default('text'))
    .option('-v, --verbose', 'log debugging lines too', false)
    .option('-q, --quiet', 'no summary, unless the script makes one', false)
    .option('--no-color', 'no colours')
    .option('-u, --vus <number>', 'number of VUs', count)
    .option('-i, --iterations <number>', 'number of iterations, shared among the VUs', count)
    .option('-d, --duration <duration>', 'how long to begin iterations for, such as 30s')
    .action((script: string, { out, localIps, tag, ...options }) =>
      actions.run({
        script,
        env: options.env,
        tags: tag,
        outputs: out,
        summaryExport: options.summaryExport,
        localAddresses: localIps,
        logFormat: options.logFormat,
        verbose: options.verbose,
        quiet: options.quiet,
        color: options.color,
        vus: options.vus,
        iterations: options.iterations,
        duration: options.duration,
      }),
    );
  return program;
}

function output(text: string, earlier: readonly Output[]): Output[] {
  const [, format, file] = /^(json|csv)=(.+)$/.exec(text) ?? [];
  if (file === undefined) {
    throw new InvalidArgumentError('only json=FILE and csv=FILE are available in the embedded engine');
  }
  return [...earlier, { format: format as Output['format'], file }];
}

function count(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}
