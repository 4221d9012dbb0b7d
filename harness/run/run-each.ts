import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { now } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { secrets } from '../base/secrets.ts';
import { sideBySide } from '../base/side-by-side.ts';
import { processesOf } from '../contract/proof.ts';
import { PUBLIC_NETWORK } from '../contract/public-network.ts';
import type { Lab } from '../lab/lab.ts';
import type { LabPool } from '../lab/lab-pool.ts';
import type { Announced } from '../report/live/display.ts';
import { reportedOnce } from '../verdict/reported-once.ts';
import type { ScenarioResult } from '../verdict/run-result.ts';
import { againCommand } from './again.ts';
import { inStartOrder, kindsOf, secondsOf } from './how-long.ts';
import { whyAgain } from './measure-again.ts';
import {
  needsPublicClients,
  type PublicRun,
  runWithPublicClients,
  whyNoPublicClients,
  whyNotTaken,
  withoutPublicClients,
} from './public-clients.ts';
import { type Machine, QUIET, Room } from './room.ts';
import type { RunOptions } from './run-options.ts';
import { runScenario, type ScenarioRun } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import type { Timings, Took } from './timings.ts';

/** How many calls the service works on at once, as far as a scenario depends on it. */
type Bound = Pick<ScenarioRun, 'callsAtOnce' | 'callsNotMeasured'>;

export interface EachOptions extends Pick<ScenarioRun, 'contract' | 'engine' | 'noise'> {
  options: RunOptions;
  scenarios: readonly Scenario[];
  /** As many labs as scenarios may run concurrently. */
  labs: LabPool;
  /** How many scenarios usually run concurrently, and how many may while some processor time is idle. */
  width: number;
  most: number;
  /** The run's folder. */
  folder: string;
  /** What earlier runs took. */
  timings: Timings;
  /** Gets the seconds of each scenario that has run to its end, with everything around its script. */
  took: Took;
  idleShare: Machine['idleShare'];
  /** Stores a scenario's result at the given position. */
  keep: (result: ScenarioResult, place: number) => Promise<void>;
}

/** The folders of scenarios that are being measured again, and of their first runs once this is done. */
const [AGAIN, FIRST] = ['again', 'first'];

/** A scenario to measure again: why, and its first result. */
interface Undecided {
  readonly why: string;
  readonly first: ScenarioResult;
}

/** The run stops if this many times the usual width could not be set up before any scenario could. */
const GIVE_UP_AFTER = 2;

/**
 * Runs scenarios concurrently, one per lab, followed by those that compare times, of which fewer overlap, and those that
 * must run alone. How many overlap also depends on how busy the machine is: see `Room`. Those that were INCONCLUSIVE run
 * once more at the end, alone: if this run measures again, or if their clients need public addresses. Each verdict is
 * reported as soon as it is final, unless the end of the run decided it. A scenario that can't be set up is
 * INCONCLUSIVE, and the others still run.
 *
 * @returns Why the run ended early, if none of the first scenarios could be set up.
 * @throws The abort reason from `signal` if the run is aborted, or the error from a scenario that could not be run,
 * which also stops all other scenarios
 */
export async function runEach(each: EachOptions): Promise<string | undefined> {
  const { options, scenarios, labs, width, most, keep } = each;
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const patience = GIVE_UP_AFTER * width;
  const room = new Room({ idleShare: each.idleShare });
  const undecided: [Scenario, Undecided][] = [];
  const reported = reportedOnce();
  let measured: Promise<Bound> | undefined;
  /** Measures it once, in the lab of the first scenario that depends on it. The others wait. */
  const boundFor = ({ numbers, proof }: Scenario, lab: Lab): Promise<Bound> | Bound => {
    if (!proof.holdsCalls) return {};
    const { contract } = each;
    // Its HTTP client is loaded only if a scenario needs it. A service that does not start says so in each scenario.
    measured ??= import('./calls-at-once.ts')
      .then((of) => of.measureCallsAtOnce({ contract, numbers, lab, seed: options.seed }))
      .then((callsAtOnce) => ({ callsAtOnce }))
      .catch((error) => ({ callsNotMeasured: secrets.redact(messageOf(error).split('\n', 1)[0] ?? '') }));
    return measured;
  };
  let [wereSetUp, wereNot] = [0, 0];
  const isHopeless = () => wereSetUp === 0 && wereNot >= patience;
  const start = async (scenario: Scenario, undecidedBefore?: Undecided) => {
    signal.throwIfAborted();
    if (!isHopeless()) await labs.use((lab) => runOn(lab, scenario, undecidedBefore));
  };
  const runOn = async (lab: Lab, scenario: Scenario, undecidedBefore?: Undecided) => {
    // It may have waited for the lab.
    signal.throwIfAborted();
    const began = now();
    try {
      const bound = await boundFor(scenario, lab);
      signal.throwIfAborted();
      const judged = await runOne(each, scenario, { lab, signal, undecidedBefore, ...bound });
      // A lab whose processes were killed shows no more than that.
      const isCutOff = signal.aborted && (judged.verdict === 'INCONCLUSIVE' || lab.reaper.isKilling);
      // The service may not have started because the run was being ended.
      if (isCutOff && (judged.notRun !== undefined || lab.reaper.isKilling)) return;
      // The same scenario may run with several mutations, of which each is judged by itself.
      const result = scenario.mutation === undefined ? reported(judged) : judged;
      if (result.notRun === undefined) wereSetUp += 1;
      else wereNot += 1;
      await keep(result, scenarios.indexOf(scenario));
      if (isCutOff) return;
      if (result.notRun === undefined) each.took.push([scenario.name, (now() - began) / 1_000]);
      const needsPublic = needsPublicClients(result);
      const isLast = undecidedBefore !== undefined || !(options.measuresAgain || needsPublic);
      const why = isLast ? undefined : whyAgain(result);
      if (why === undefined) return options.reporter.scenarioEnds(result);
      undecided.push([scenario, { why, first: judged }]);
      const from = needsPublic ? `, with clients from ${PUBLIC_NETWORK}` : '';
      options.reporter.note(`${scenario.name} is measured again at the end${from}, because it is INCONCLUSIVE: ${why}`);
    } catch (error) {
      failed.abort(`${scenario.name} could not be run`);
      throw error;
    }
  };
  for (const [atOnce, some] of kindsOf(inStartOrder(scenarios, each.timings, width))) {
    // Scenarios of a kind that limits itself need more processor time. They start together, which disturbs all of them
    // equally, unless other programs use the processors.
    const [usual, needs] = atOnce < Number.POSITIVE_INFINITY ? [atOnce, QUIET] : [width];
    await sideBySide(some, Math.min(most, atOnce), (scenario) =>
      options.isBrief ? start(scenario) : room.run(usual, () => start(scenario), needs),
    );
  }
  for (const [scenario, before] of undecided) await start(scenario, before);
  options.signal.throwIfAborted();
  if (isHopeless() && wereNot < scenarios.length) return `none of the first ${wereNot} scenarios could be set up`;
}

/** @param own.undecidedBefore Set if this is not the first run of the scenario. */
async function runOne(
  each: EachOptions,
  scenario: Scenario,
  { undecidedBefore, ...own }: Pick<ScenarioRun, 'lab' | 'signal'> & Bound & { undecidedBefore: Undecided | undefined },
): Promise<ScenarioResult> {
  const { options, scenarios, contract, engine, noise, folder } = each;
  const { reporter, profile } = options;
  const index = scenarios.indexOf(scenario);
  const seed = options.seed + index;
  const watched = reporter.scenarioBegins(announce(each, scenario));
  const nth = scenario.nth === undefined || scenario.nth === 1 ? '' : `-${scenario.nth}`;
  const name = `${scenario.name.replace('/', '-')}${nth}`;
  try {
    const run = {
      scenario,
      contract,
      ...own,
      engine,
      noise,
      seed,
      profile,
      options,
      folder: undecidedBefore === undefined ? join(folder, name) : join(folder, AGAIN, name),
      again: againCommand({ scenario: scenario.name, seed }, options),
    };
    if (undecidedBefore === undefined) {
      const result = await runScenario({ ...run, watcher: watched });
      const why = needsPublicClients(result) ? whyNoPublicClients(run) : undefined;
      return why === undefined ? result : withoutPublicClients(result, why);
    }
    const { first, why: measuredAgain } = undecidedBefore;
    const result = needsPublicClients(first)
      ? await withPublicClients(run, first)
      : await runScenario({ ...run, watcher: watched });
    if ('impossible' in result) return withoutPublicClients(first, result.impossible);
    await mkdir(join(folder, FIRST), { recursive: true });
    await rename(join(folder, name), join(folder, FIRST, name));
    await rename(join(folder, AGAIN, name), join(folder, name));
    return { ...result, measuredAgain };
  } finally {
    watched.ended();
  }
}

/** Measures a scenario with public clients. If this is impossible or decides nothing, returns why, and leaves nothing. */
async function withPublicClients(run: PublicRun, first: ScenarioResult) {
  try {
    const result = await runWithPublicClients(run);
    const impossible = whyNotTaken(result, first);
    if (impossible === undefined) return result;
    throw new Error(impossible);
  } catch (error) {
    await rm(run.folder, { recursive: true, force: true });
    run.signal.throwIfAborted();
    return { impossible: messageOf(error) };
  }
}

function announce({ timings }: EachOptions, scenario: Scenario): Announced {
  const { name, numbers, proof } = scenario;
  return {
    scenario: name,
    expectedSeconds: secondsOf(scenario, timings),
    breakers: Object.keys(numbers.breakers),
    ...(numbers.pool && { ceiling: numbers.pool.max * processesOf(proof) }),
  };
}
