import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createDice } from '../../../faults/base/dice.ts';
import { ProofloadError } from '../../base/errors.ts';
import { type Contract, numbersOf } from '../../contract/contract.ts';
import { seenFromOutside } from '../../contract/seen-from-outside.ts';
import { usesPostgres } from '../../contract/uses-postgres.ts';
import { startLab } from '../../lab/lab.ts';
import { loadProject } from '../../project/load-project.ts';
import type { RunOptions } from '../../run/run-options.ts';
import { canBeMet } from '../../run/scenario.ts';
import type { Both, BuildRound } from '../build-round.ts';
import { isEnough, looksAt } from '../compare-builds.ts';
import { type Build, measureRound } from './measure-round.ts';
import { type OtherBuild, openOtherBuild } from './other-build.ts';

/** Both builds are started without limits, because a round sends more requests than these allow. */
const UNLIMITED = 'no-rate-limits';

/** How to compare. */
export interface CompareOptions extends Pick<RunOptions, 'contract' | 'command' | 'allowHost' | 'profile' | 'signal'> {
  readonly postgres: string;
  readonly seed: number;
  /** The build to compare with: see `openOtherBuild`. */
  readonly against: string;
  /** See `openOtherBuild`. */
  readonly prepare: string;
  /** The most rounds to measure. */
  readonly rounds: number;
  /** Called with each step. */
  readonly step: (text: string) => void;
}

/** The measured rounds of both builds. */
export interface Compared {
  readonly against: string;
  readonly onlyHere: string[];
  readonly looks: number[];
  readonly rounds: BuildRound[];
  /** How long it took, in seconds, without preparing the other build. */
  readonly seconds: number;
}

/**
 * Compares this build with another one, in rounds. In each round both are restarted, on separate labs that they swap.
 * The rounds end early if the result is known, or if there is no time for another round.
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
  const { step, signal, profile, against: requested, contract, prepare } = options;
  const own = await loadProject(contract, options);
  const builtOwn = buildOf(own, profile);
  if (!canBeMet(UNLIMITED, builtOwn.contract, builtOwn.numbers))
    throw new ProofloadError(
      'NOTHING_TO_JUDGE',
      `the speed can't be compared: the contract does not define "${UNLIMITED}" (conditions.${UNLIMITED})`,
    );
  step(`preparing ${requested}`);
  await using other = await openOtherBuild({ requested, contract, thisBuild: own, prepare, use: options, signal });
  const builds = { own: builtOwn, other: buildOf(other.contract, profile) };
  return await measureRounds(builds, other.name, options);
}

async function measureRounds(
  builds: Both<Build>,
  against: OtherBuild['name'],
  { postgres, seed, rounds: wanted, step, signal }: CompareOptions,
): Promise<Compared> {
  const [names, others] = [builds.own, builds.other].map(({ contract }) => Object.keys(contract.endpoints));
  const endpoints = names?.filter((name) => others?.includes(name)) ?? [];
  if (endpoints.length === 0)
    throw new ProofloadError(
      'NOTHING_TO_JUDGE',
      `${against} serves none of the contract's endpoints, so nothing can be compared`,
    );
  const onlyHere = names?.filter((name) => !endpoints.includes(name)) ?? [];
  const began = Date.now();
  step(`starting two labs, to compare with ${against}`);
  await using resources = new AsyncDisposableStack();
  const labOf = async ({ contract }: Build) => resources.use(await startLab({ postgres, contract }));
  const [own, other] = [await labOf(builds.own), await labOf(builds.other)];
  const folder = await mkdtemp(join(tmpdir(), 'proofload-gate-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  own.reaper.rememberFolder(folder);
  const looks = looksAt(wanted);
  const random = createDice(`order of calls ${seed}`);
  const rounds: BuildRound[] = [];
  const mayChange = isSameLab(builds.own.contract, builds.other.contract);
  for (let nth = 1; nth <= wanted && !signal.aborted; nth += 1) {
    step(`comparing with ${against}: round ${nth} of at most ${wanted}`);
    const changed = mayChange && nth % 2 === 0;
    const labs = changed ? { own: other, other: own } : { own, other };
    const folders = { own: await logsIn(folder, `own-${nth}`), other: await logsIn(folder, `other-${nth}`) };
    const round = await measureRound({ builds, labs, endpoints, folders, seed: seed + nth, random, signal });
    if (signal.aborted) break;
    rounds.push(round);
    if (looks.includes(nth) && isEnough(rounds, looks.length)) break;
    if (nth >= (looks[0] as number) && !hasTimeLeft(Date.now() - began, nth, wanted)) break;
  }
  return { against, onlyHere, looks, rounds, seconds: (Date.now() - began) / 1_000 };
}

/**
 * Whether another round would probably end in time: within 3 minutes for 16 rounds, and in proportion for others. Time
 * may end a comparison without causing false alarms, because it says nothing about the ratio of both builds.
 *
 * @param ms How long the rounds took so far, in milliseconds.
 */
export const hasTimeLeft = (ms: number, rounds: number, wanted: number): boolean =>
  (ms / rounds) * (rounds + 1) <= wanted * (180_000 / 16);

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

/** Whether both builds need the same lab, so that each can run on either. */
const isSameLab = (own: Contract, other: Contract): boolean =>
  isDeepStrictEqual(own.upstreams, other.upstreams) && usesPostgres(own) === usesPostgres(other);
