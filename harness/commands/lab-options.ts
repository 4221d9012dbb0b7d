import { randomInt } from 'node:crypto';
import { availableParallelism, cpus } from 'node:os';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, type Option } from 'commander';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { CONTRACT_NAMES } from '../base/settings.ts';
import { hostName } from '../contract/allowed-host.ts';
import { checkPostgresChoice } from '../lab/postgres/postgres-choice.ts';
import { contractsIn } from '../project/contract-files.ts';
import type { RunOptions } from '../run/run-options.ts';
import { shortHelp } from './more-help.ts';
import { keepOption, notBlank, optionFor, resultsOption, wholeNumber } from './options.ts';

/** The flag that selects a contract. */
export interface ContractFlags {
  contract?: string;
}

/** Lab settings from the command line or the environment. */
export interface LabFlags extends ContractFlags, Pick<RunOptions, 'profile' | 'engine' | 'postgres' | 'results'> {
  command?: string;
  keep?: number;
  seed?: number;
  jobs?: number;
  require?: string[];
  allowHost?: string[];
}

/** Adds the option that selects a contract. */
export const contractOptions = (command: Command): Command => command.addOption(optionFor('CONTRACT'));

/** Adds the options for commands that start a lab. */
export const labOptions = (command: Command): Command =>
  shortHelp(
    contractOptions(command)
      .addOption(optionFor('COMMAND').argParser(notBlank('words such as "node server.js"')))
      .addOption(optionFor('PROFILE'))
      .addOption(optionFor('ENGINE'))
      .addOption(optionFor('POSTGRES'))
      .addOption(optionFor('JOBS').argParser(wholeNumber(1, 64)))
      .addOption(allowHostOption())
      .addOption(resultsOption())
      .addOption(keepOption())
      .addOption(optionFor('SEED').argParser(wholeNumber(0, Number.MAX_SAFE_INTEGER))),
  );

const words = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

/** Creates the `--allow-host` option. Without it, a contract can only name a running service on this machine. */
export const allowHostOption = (): Option =>
  optionFor('ALLOW_HOST').argParser((text, before: string[] = []) => {
    try {
      return [...before, ...words(text).map(hostName)];
    } catch (error) {
      throw new InvalidArgumentError(messageOf(error));
    }
  });

/** Creates the `--require` option. If one of these scenarios is not judged, the verdict can't be PASS. */
export const requireOption = (): Option =>
  optionFor('REQUIRE').argParser((text, before: string[] = []) => [...before, ...words(text)]);

/**
 * Builds the run options from the command-line flags.
 *
 * @throws ProofloadError USAGE for an unknown choice of PostgreSQL, even if the contract doesn't use it, and the errors
 * of `contractFile`
 */
export function runOptions(flags: LabFlags, scenarios: readonly string[]): Omit<RunOptions, 'reporter' | 'signal'> {
  checkPostgresChoice(flags.postgres);
  return {
    ...flags,
    name: runName(scenarios),
    scenarios,
    require: flags.require ?? [],
    contract: contractFile(flags),
    command: flags.command?.trim().split(/\s+/),
    seed: flags.seed ?? randomInt(2 ** 16),
    jobs: flags.jobs ?? USUAL_JOBS,
    ...(flags.jobs === undefined && isWholeMachine() && { spareJobs: 4 * USUAL_JOBS }),
  };
}

/** The longest name of a run that names all of its scenarios. A folder's name may have 255 bytes. */
const LONGEST_NAME = 120;

/** Names a run and its folder after the chosen scenarios, or after the first one if there are many. */
export function runName(scenarios: readonly string[]): string {
  const [first = '', ...more] = scenarios;
  const name = scenarios.join('+');
  const short = name.length > LONGEST_NAME ? `${first}+${more.length}-more` : name;
  return short.replaceAll('/', '-').replace(/[*?]/g, '_');
}

/** Scenarios mostly wait: three at once leave two cores half idle. */
const USUAL_JOBS = availableParallelism() + 1;

/**
 * Whether this process may use all processors. If so, the machine's idle time is also the idle time of this process.
 */
const isWholeMachine = (): boolean => availableParallelism() === cpus().length;

/** Whether a contract was specified or the working directory contains one. */
export const hasContract = ({ contract }: ContractFlags): boolean => Boolean(contract) || contractsIn('').length > 0;

/**
 * Returns the path of the specified contract, or of the one in the working directory.
 *
 * @throws ProofloadError USAGE if there is neither, or if the working directory contains several
 */
export function contractFile({ contract }: ContractFlags): string {
  if (contract) return resolve(contract);
  const [own, another] = contractsIn('');
  if (another !== undefined) {
    throw new ProofloadError('USAGE', `there are two contracts, ${own} and ${another}: choose one with --contract`);
  }
  if (own !== undefined) return resolve(own);
  throw new ProofloadError(
    'USAGE',
    `there is no contract: ${resolve(CONTRACT_NAMES[0])} does not exist, and --contract (or CONTRACT) names no other file. ` +
      '"proofload init" writes one; "proofload demo" needs none',
  );
}
