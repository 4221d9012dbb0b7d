#!/usr/bin/env node
import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { init } from './commands/init.ts';
import { jsonOption, ROOT, resultsOption, setting } from './commands/options.ts';
import { compare, show } from './commands/past-runs.ts';
import { contractJsonSchema } from './contract/json-schema.ts';
import { EXIT, messageOf, ProofloadError } from './errors.ts';
import { LiveView } from './report/live/live-view.ts';
import { plainLines } from './report/live/plain-lines.ts';
import { NOBODY, type Watcher } from './report/live/watcher.ts';
import { verdictJsonSchema } from './report/run-result.ts';
import { problemLines } from './report/show.ts';
import { paint } from './report/terminal.ts';
import { tellGitHub } from './report/write-report.ts';
import { run } from './run.ts';
import { findScenarios, SUITES } from './scenario.ts';

const VERDICT_EXIT = { PASS: EXIT.pass, FAIL: EXIT.fail, INCONCLUSIVE: EXIT.inconclusive } as const;
const SCHEMAS = { contract: contractJsonSchema, verdict: verdictJsonSchema };

interface Flags {
  contract: string;
  command?: string;
  profile: string;
  engine: string;
  postgres: string;
  fakes: string;
  results: string;
  seed: number;
  quiet?: boolean;
  json?: boolean;
}

const program = new Command('proofload')
  .description('Certifies that the protections of a service hold, under load and under fault.')
  .exitOverride()
  .configureHelp({ showGlobalOptions: true });

program
  .command('run')
  .description('Runs suites or single scenarios, and says PASS, FAIL or INCONCLUSIVE.')
  .argument('<scenario...>', `suites (${SUITES.join(', ')}) or scenarios, such as chaos/llm-outage`)
  .addOption(
    setting(
      '--contract <file>',
      'what the service promises and how it starts',
      'CONTRACT',
      `${ROOT}service/contract.ts`,
    ),
  )
  .addOption(new Option('--command <words>', "starts the service, in place of the contract's command").env('COMMAND'))
  .addOption(setting('--profile <name>', "a profile of the contract's numbers", 'PROFILE', 'fast'))
  .addOption(setting('--engine <which>', 'auto, k6, docker or embedded', 'ENGINE', 'auto'))
  .addOption(setting('--postgres <which>', 'auto, container, embedded or a postgres:// URL', 'POSTGRES', 'auto'))
  .addOption(setting('--fakes <where>', 'process or container', 'FAKES', 'process'))
  .addOption(resultsOption())
  .addOption(new Option('--seed <n>', 'of all that is random').env('SEED').argParser(seed))
  .addOption(new Option('--quiet', 'says nothing before the verdict, and only what did not pass'))
  .addOption(jsonOption())
  .addHelpText('after', '\nExit codes: 0 PASS, 99 FAIL, 3 INCONCLUSIVE, 2 wrong usage or configuration, 1 no lab.')
  .action(async (scenarios: string[], flags: Flags) => {
    using watcher = watcherFor(flags);
    const result = await run({
      ...flags,
      name: scenarios.join('+').replaceAll('/', '-'),
      scenarios,
      contract: resolve(flags.contract),
      command: flags.command?.split(' '),
      seed: flags.seed ?? randomInt(2 ** 16),
      say: flags.quiet || flags.json ? () => {} : console.log,
      watcher,
      signal: interruption(watcher),
    });
    const { verdict, stopped } = result;
    await tellGitHub(result, process.env, flags.json ? () => {} : console.log);
    if (flags.json) console.log(JSON.stringify(result, null, 2));
    else {
      if (flags.quiet) for (const line of problemLines(result)) console.log(line);
      console.log(`${flags.quiet ? '' : '\n'}${paint(verdict)}${stopped === undefined ? '' : `: ${stopped}`}`);
    }
    process.exitCode = VERDICT_EXIT[verdict];
  });

program.addCommand(init());

program
  .command('schema')
  .description('Prints the JSON Schema of a contract file, or of verdict.json.')
  .addArgument(new Argument('<what>').choices(Object.keys(SCHEMAS)))
  .action((what: keyof typeof SCHEMAS) => console.log(JSON.stringify(SCHEMAS[what](), null, 2)));

program
  .command('list')
  .description('Lists the scenarios that there are.')
  .action(async () => console.log((await findScenarios(SUITES)).join('\n')));

program.addCommand(show());
program.addCommand(compare());

function seed(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError(`${text} is no seed; it can be any whole number from 0`);
}

/** A frame where standard error is a terminal, lines where it is not, nothing where that is asked for. */
function watcherFor({ quiet, json }: Flags): Watcher & Disposable {
  if (quiet || json) return { ...NOBODY, note: console.error, [Symbol.dispose]() {} };
  return process.stderr.isTTY ? new LiveView(process.stderr) : plainLines(console.error);
}

/** Aborted by the first Ctrl-C or SIGTERM: the run ends in order. The second ends the process at once. */
function interruption(watcher: Watcher): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(EXIT.inconclusive);
      watcher.note(`${signal}: healing faults and ending processes; once more to leave at once`);
      controller.abort(`interrupted by ${signal}`);
    });
  }
  return controller.signal;
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof ProofloadError) {
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = error.exitCode;
  } else if (error instanceof Error && 'exitCode' in error) {
    process.exitCode = error.exitCode === 0 ? EXIT.pass : EXIT.usage;
  } else {
    console.error(error instanceof Error ? error.stack : messageOf(error));
    process.exitCode = EXIT.labFailed;
  }
}
