import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { EXIT } from '../errors.ts';
import type { RunOptions } from '../run.ts';
import { ROOT, resultsOption, setting, wholeNumber } from './options.ts';

/** The exit code of a verdict. */
export const EXIT_OF = { PASS: EXIT.pass, FAIL: EXIT.fail, INCONCLUSIVE: EXIT.inconclusive } as const;

/** What brings a lab up, as the command line or the environment says it. */
export interface LabFlags {
  contract?: string;
  command?: string;
  profile: string;
  engine: string;
  postgres: string;
  fakes: string;
  results: string;
  seed?: number;
  jobs?: number;
}

/** Adds the options of a command that brings a lab up. */
export const labOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--contract <file>',
        'what the service promises and how it starts (default: proofload.yaml where there is one, else that of the reference service)',
      ).env('CONTRACT'),
    )
    .addOption(new Option('--command <words>', "starts the service, in place of the contract's command").env('COMMAND'))
    .addOption(setting('--profile <name>', "a profile of the contract's numbers", 'PROFILE', 'fast'))
    .addOption(setting('--engine <which>', 'auto, k6, docker or embedded', 'ENGINE', 'auto'))
    .addOption(setting('--postgres <which>', 'auto, container, embedded or a postgres:// URL', 'POSTGRES', 'auto'))
    .addOption(setting('--fakes <where>', 'process or container', 'FAKES', 'process'))
    .addOption(
      new Option('--jobs <n>', 'scenarios at once, each on a lab of its own (default: one more than there are cores)')
        .env('JOBS')
        .argParser(wholeNumber(1, 64)),
    )
    .addOption(resultsOption())
    .addOption(
      new Option('--seed <n>', 'of all that is random').env('SEED').argParser(wholeNumber(0, Number.MAX_SAFE_INTEGER)),
    );

/** What `run` needs to be told by the command line. */
export function runOptions(
  flags: LabFlags,
  scenarios: readonly string[],
): Omit<RunOptions, 'say' | 'watcher' | 'signal'> {
  return {
    ...flags,
    name: scenarios.join('+').replaceAll('/', '-'),
    scenarios,
    contract: contractFile(flags),
    command: flags.command?.split(' '),
    seed: flags.seed ?? randomInt(2 ** 16),
    jobs: flags.jobs ?? usualJobs(availableParallelism()),
  };
}

/** Scenarios mostly wait: three at once leave half of two cores idle, and those that measure what the machine bears run alone. */
const usualJobs = (cores: number): number => cores + 1;

/** The contract that is asked for, else the working directory's own, else the reference service's. */
export function contractFile({ contract }: Pick<LabFlags, 'contract'>): string {
  if (contract !== undefined) return resolve(contract);
  const own = resolve('proofload.yaml');
  return existsSync(own) ? own : `${ROOT}service/contract.ts`;
}
