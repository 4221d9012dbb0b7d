import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { ProofloadError } from '../base/errors.ts';
import { DEFAULT_CONTRACT, DEFAULTS } from '../run/again.ts';
import type { RunOptions } from '../run/run-options.ts';
import { notBlank, ROOT, resultsOption, setting, wholeNumber } from './options.ts';

/** Which contract a command is about. */
export interface ContractFlags {
  contract?: string;
  demo?: boolean;
}

/** What brings a lab up, as the command line or the environment says it. */
export interface LabFlags extends ContractFlags {
  command?: string;
  profile: string;
  engine: string;
  postgres: string;
  fakes: string;
  results: string;
  seed?: number;
  jobs?: number;
  require?: string[];
}

/** Adds the options that say which contract a command is about. */
export const contractOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--contract <file>',
        `what the service promises and how it starts (default: ${DEFAULT_CONTRACT.shell} in the working directory)`,
      ).env('CONTRACT'),
    )
    .addOption(new Option('--demo', 'take the reference service that comes with proofload').conflicts('contract'));

/** Adds the options of a command that brings a lab up. */
export const labOptions = (command: Command): Command =>
  contractOptions(command)
    .addOption(
      new Option('--command <words>', "starts the service, in place of the contract's command")
        .env('COMMAND')
        .argParser(notBlank('words such as "node server.js"')),
    )
    .addOption(setting('--profile <name>', "a profile of the contract's numbers", 'PROFILE', DEFAULTS.PROFILE))
    .addOption(setting('--engine <which>', 'auto, k6, docker or embedded', 'ENGINE', DEFAULTS.ENGINE))
    .addOption(
      setting('--postgres <which>', 'auto, container, embedded or a postgres:// URL', 'POSTGRES', DEFAULTS.POSTGRES),
    )
    .addOption(setting('--fakes <where>', 'process or container', 'FAKES', DEFAULTS.FAKES))
    .addOption(
      new Option('--jobs <n>', 'scenarios at once, each on a lab of its own (default: one more than there are cores)')
        .env('JOBS')
        .argParser(wholeNumber(1, 64)),
    )
    .addOption(resultsOption())
    .addOption(
      new Option('--seed <n>', 'of all that is random').env('SEED').argParser(wholeNumber(0, Number.MAX_SAFE_INTEGER)),
    );

/** Of a command whose verdict is a gate: what it has to judge. */
export const requireOption = (): Option =>
  new Option(
    '--require <scenario>',
    'a scenario or suite that has to be judged: without it there is no PASS; may be repeated, in REQUIRE separated by blanks or commas',
  )
    .env('REQUIRE')
    .argParser((text, before: string[] = []) => [...before, ...text.split(/[\s,]+/).filter(Boolean)]);

/** What `run` needs to be told by the command line. */
export function runOptions(
  flags: LabFlags,
  scenarios: readonly string[],
): Omit<RunOptions, 'say' | 'watcher' | 'signal'> {
  return {
    ...flags,
    name: scenarios.join('+').replaceAll('/', '-'),
    scenarios,
    require: flags.require ?? [],
    contract: contractFile(flags),
    command: flags.command?.trim().split(/\s+/),
    seed: flags.seed ?? randomInt(2 ** 16),
    jobs: flags.jobs ?? usualJobs(availableParallelism()),
  };
}

/** Scenarios mostly wait: three at once leave half of two cores idle, and those that measure what the machine bears run alone. */
const usualJobs = (cores: number): number => cores + 1;

/**
 * The contract that is asked for, else the working directory's own.
 *
 * @throws ProofloadError USAGE if there is neither: no service is tested that nobody has named.
 */
export function contractFile({ contract, demo }: ContractFlags): string {
  if (contract) return resolve(contract);
  if (demo) return join(ROOT, DEFAULT_CONTRACT.make);
  const own = resolve(DEFAULT_CONTRACT.shell);
  if (existsSync(own)) return own;
  throw new ProofloadError(
    'USAGE',
    `there is no contract: ${own} does not exist, and --contract (or CONTRACT) names no other file. ` +
      '"proofload init" writes one; --demo takes the reference service that comes with proofload',
  );
}
