import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contract } from '../../../harness/contract/contract.ts';
import { run } from '../../../harness/run/run.ts';
import { IN_A_TEST } from '../../support/in-a-test.ts';
import { type Judgements, judgementsOf } from './judgements.ts';
import { hostileNames, type NewNames, renamed, translator } from './renamed.ts';

interface Options {
  readonly contract: Contract;
  /** Starts the service. Defaults to the command of the contract. */
  readonly command: readonly string[] | undefined;
  /** As they are called with the names of the contract. */
  readonly scenarios: readonly string[];
  readonly jobs: number;
  readonly signal: AbortSignal;
}

/** Runs scenarios with a contract and then with hostile names. Returns what both runs say, with the contract's names. */
export async function runWithBothNames({
  contract,
  scenarios,
  ...options
}: Options): Promise<[Judgements, Judgements]> {
  const names = hostileNames(contract);
  const plain = await judged(contract, scenarios, options);
  const others = scenarios.map((name) => inHostile(name, names));
  const hostile = await judged(renamed(contract, names), others, options);
  return [judgementsOf(plain), judgementsOf(hostile, translator(names))];
}

async function judged(
  contract: Contract,
  scenarios: readonly string[],
  { command, jobs, signal }: Pick<Options, 'command' | 'jobs' | 'signal'>,
) {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-names-'));
  try {
    const path = join(folder, 'contract.json');
    await writeFile(path, JSON.stringify(contract));
    return await run({
      ...IN_A_TEST,
      name: 'names',
      scenarios,
      contract: path,
      command: command && [...command],
      jobs,
      measuresAgain: true,
      results: folder,
      signal,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns a scenario's name for the other contract: one about a single breaker contains the breaker's name. */
const inHostile = (scenario: string, { breakers }: NewNames): string =>
  Object.entries(breakers).reduce((name, [old, other]) => name.replace(`/${old}-`, `/${other}-`), scenario);
