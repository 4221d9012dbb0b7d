import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createDice } from '../../../faults/base/dice.ts';
import { ProofloadError } from '../../base/errors.ts';
import { type Contract, numbersOf } from '../../contract/contract.ts';
import { seenFromOutside } from '../../contract/seen-from-outside.ts';
import { usesPostgres } from '../../contract/uses-postgres.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import { loadProject } from '../../project/load-project.ts';
import type { RunOptions } from '../../run/run-options.ts';
import { canBeMet } from '../../run/scenario.ts';
import type { BuildRound, Builds, Side } from '../build-round.ts';
import { isEnough } from '../compare-builds.ts';
import type { Named } from '../measures.ts';
import { expectedMeasures } from './expected-measures.ts';
import { measureRound } from './measure-round.ts';
import { type OtherBuild, openOtherBuild } from './other-build.ts';
import type { Build } from './start-build.ts';

/** Both builds are started without limits, because a round sends more requests than these allow. */
const UNLIMITED = 'no-rate-limits';

/** The share of the rounds that are measured if necessary, however long they take. */
const ALWAYS = 0.8;

/** How to compare. */
export interface CompareOptions extends Pick<RunOptions, 'contract' | 'command' | 'allowHost' | 'profile' | 'signal'> {
  readonly postgres: string;
  readonly seed: number;
  /** The build to compare with: see `openOtherBuild`. */
  readonly against: string;
  /** A release to compare with as well, in the same rounds. None if it is empty. */
  readonly release?: string | undefined;
  /** See `openOtherBuild`. */
  readonly prepare: string;
  /** The most rounds to measure. */
  readonly rounds: number;
  /** Called with each step. */
  readonly step: (text: string) => void;
}

/** The measured rounds of all builds. */
export interface Compared {
  readonly against: string;
  readonly release?: string;
  readonly onlyHere: string[];
  /** The measures that rounds have if everything can be measured. */
  readonly expected: Named[];
  readonly rounds: BuildRound[];
  /** How long it took, in seconds, without preparing the other build. */
  readonly seconds: number;
}

/**
 * Compares this build with another one, and with a release, in rounds. In each round all are restarted, on separate
 * labs that they swap. The rounds end as soon as the result is known, or if there is no time for another round.
 *
 * @returns Why nothing was compared, if the signal was aborted.
 * @throws ProofloadError NOTHING_TO_JUDGE if the contract has limits and does not say how to switch them off, or the errors of `openOtherBuild`,
 * `startLab` and `measureRound`
 */
export async function compareWithBuild(options: CompareOptions): Promise<Compared | { skipped: string }> {
  const { signal } = options;
  try {
    const compared = await prepareAndMeasure(options);
    if (!signal.aborted) return compared;
  } catch (error) {
    // Interrupted work may fail.
    if (!signal.aborted) throw error;
  }
  return { skipped: String(signal.reason) };
}

async function prepareAndMeasure(options: CompareOptions): Promise<Compared> {
  const { step, signal, profile, against, release, contract, prepare } = options;
  const thisBuild = await loadProject(contract, options);
  const own = buildOf(thisBuild, profile);
  if (!canBeMet(UNLIMITED, own.contract, own.numbers))
    throw new ProofloadError(
      'NOTHING_TO_JUDGE',
      `the speed can't be compared: the contract does not define "${UNLIMITED}" (conditions.${UNLIMITED})`,
    );
  await using resources = new AsyncDisposableStack();
  const open = async (requested: string, setting: '--against' | '--against-release') => {
    step(`preparing ${requested}`);
    return resources.use(
      await openOtherBuild({ requested, setting, contract, thisBuild, prepare, use: options, signal }),
    );
  };
  const other = await open(against, '--against');
  const pinned = release ? await open(release, '--against-release') : undefined;
  const builds = new Map<Side, Build>([
    ['own', own],
    ['other', buildOf(other.contract, profile)],
    ...(pinned ? [['release', buildOf(pinned.contract, profile)] as const] : []),
  ]);
  const measured = await measureRounds(builds, other.name, options);
  return { ...measured, against: other.name, ...(pinned && { release: pinned.name }) };
}

async function measureRounds(
  builds: Builds<Build>,
  against: OtherBuild['name'],
  { postgres, profile, seed, rounds: wanted, step, signal }: CompareOptions,
): Promise<Omit<Compared, 'against' | 'release'>> {
  const sides = [...builds.keys()];
  const contracts = [...builds.values()].map(({ contract }) => contract);
  const [names = [], others] = contracts.map(({ endpoints }) => Object.keys(endpoints));
  const endpoints = names.filter((name) => others?.includes(name));
  if (endpoints.length === 0)
    throw new ProofloadError(
      'NOTHING_TO_JUDGE',
      `${against} serves none of the contract's endpoints, so nothing can be compared`,
    );
  const onlyHere = names.filter((name) => !endpoints.includes(name));
  const began = Date.now();
  step(`starting ${sides.length} labs, to compare with ${against}`);
  await using resources = new AsyncDisposableStack();
  const labs: Lab[] = [];
  for (const contract of contracts)
    labs.push(resources.use(await startLab({ postgres, contract, profile, step, signal })));
  const folder = await mkdtemp(join(tmpdir(), 'proofload-gate-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  labs[0]?.reaper.rememberFolder(folder);
  const random = createDice(`order of calls ${seed}`);
  const expected = expectedMeasures(builds, endpoints);
  const rounds: BuildRound[] = [];
  const mayChange = contracts.every((contract) => isSameLab(contracts[0] as Contract, contract));
  for (let nth = 1; nth <= wanted && !signal.aborted; nth += 1) {
    step(`comparing with ${against}: round ${nth} of at most ${wanted}`);
    const labAt = (index: number) => labs[(index + (mayChange ? nth : 0)) % labs.length] as Lab;
    const folders = new Map<Side, string>();
    for (const side of sides) folders.set(side, await logsIn(folder, `${side}-${nth}`));
    const round = await measureRound({
      builds,
      labs: new Map(sides.map((side, index) => [side, labAt(index)])),
      endpoints,
      folders,
      seed: seed + nth,
      random,
      signal,
    });
    if (signal.aborted) break;
    rounds.push(round);
    if (isEnough(rounds, expected)) break;
    if (nth >= wanted * ALWAYS && !hasTimeLeft(Date.now() - began, nth, wanted * (sides.length / 2))) break;
  }
  return { onlyHere, expected, rounds, seconds: (Date.now() - began) / 1_000 };
}

/**
 * Whether another round would probably end in time: within 5 minutes for 16 rounds, and in proportion for others. Time
 * may end a comparison without causing false alarms, because it says nothing about the ratio of both builds.
 *
 * @param ms How long the rounds took so far, in milliseconds.
 */
export const hasTimeLeft = (ms: number, rounds: number, wanted: number): boolean =>
  (ms / rounds) * (rounds + 1) <= wanted * (300_000 / 16);

async function logsIn(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  return path;
}

function buildOf(promised: Contract, profile: string): Build {
  const contract = seenFromOutside(promised);
  const conditions = Object.hasOwn(contract.conditions, UNLIMITED) ? [UNLIMITED] : [];
  return { contract, numbers: numbersOf(contract, profile), conditions };
}

/** Whether both builds need the same lab, so that each can run on either. Each prepares the tables of its own code. */
const isSameLab = (own: Contract, other: Contract): boolean =>
  own.database === undefined &&
  isDeepStrictEqual(own.upstreams, other.upstreams) &&
  usesPostgres(own) === usesPostgres(other);
