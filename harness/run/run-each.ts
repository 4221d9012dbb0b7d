import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { sideBySide } from '../base/side-by-side.ts';
import { processesOf } from '../contract/proof.ts';
import type { Lab } from '../lab/lab.ts';
import type { Announced } from '../report/live/display.ts';
import type { RunResult, ScenarioResult } from '../verdict/run-result.ts';
import { againCommand } from './again.ts';
import { inStartOrder, secondsOf } from './how-long.ts';
import { whyAgain } from './measure-again.ts';
import { Room } from './room.ts';
import type { RunOptions } from './run-options.ts';
import { runScenario, type ScenarioRun } from './run-scenario.ts';
import { isSociable, type Scenario } from './scenario.ts';

export interface EachOptions extends Pick<ScenarioRun, 'contract' | 'engine' | 'noise'> {
  options: RunOptions;
  scenarios: readonly Scenario[];
  /** One lab for each scenario that may run concurrently. */
  labs: readonly Lab[];
  /** The run's folder. */
  folder: string;
  /** The previous result of the same run. */
  before: RunResult | undefined;
  /** Returns which share of the processors' time nobody uses, from 0 to 1. */
  idleShare: () => number;
  /** Stores a scenario's result at the given position. */
  keep: (result: ScenarioResult, place: number) => Promise<void>;
}

/** The folders of scenarios that are being measured again, and of their first runs once this is done. */
const [AGAIN, FIRST] = ['again', 'first'];

/** The run stops if this many scenarios per lab could not be set up before any of them could. */
const GIVE_UP_AFTER = 2;

/**
 * Runs scenarios concurrently, one per lab, followed by those that must run alone, one after another. While no
 * processor is idle, they don't overlap. Those that were INCONCLUSIVE run once more at the end, alone. Each verdict is
 * reported as soon as it is final. A scenario that can't be set up is INCONCLUSIVE, and the others still run.
 *
 * @returns Why the run ended early, if none of the first scenarios could be set up.
 * @throws The abort reason from `signal` if the run is aborted, or the error from a scenario that could not be run,
 * which also stops all other scenarios
 */
export async function runEach(each: EachOptions): Promise<string | undefined> {
  const { options, scenarios, labs, keep } = each;
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const patience = GIVE_UP_AFTER * labs.length;
  const room = new Room(each.idleShare);
  const undecided: [Scenario, string][] = [];
  let [wereSetUp, wereNot] = [0, 0];
  const isHopeless = () => wereSetUp === 0 && wereNot >= patience;
  const runOn = async (lab: Lab | undefined, scenario: Scenario, measuredAgain?: string) => {
    signal.throwIfAborted();
    if (isHopeless()) return;
    if (!lab) throw new RangeError('there are more lanes than labs');
    try {
      const result = await runOne(each, scenario, lab, signal, measuredAgain);
      if (result.notRun === undefined) wereSetUp += 1;
      else wereNot += 1;
      await keep(result, scenarios.indexOf(scenario));
      const why = options.measuresAgain && measuredAgain === undefined ? whyAgain(result) : undefined;
      if (why === undefined || signal.aborted) return options.reporter.scenarioEnds(result);
      undecided.push([scenario, why]);
      options.reporter.note(`${scenario.name} is measured again at the end, because it is INCONCLUSIVE: ${why}`);
    } catch (error) {
      failed.abort(`${scenario.name} could not be run`);
      throw error;
    }
  };
  const ordered = inStartOrder(scenarios, each.before, labs.length);
  await sideBySide(ordered.filter(isSociable), labs.length, (scenario, _, lane) =>
    room.run(() => runOn(labs[lane], scenario)),
  );
  for (const scenario of ordered.filter((one) => !isSociable(one))) await runOn(labs[0], scenario);
  for (const [scenario, why] of undecided) await runOn(labs[0], scenario, why);
  options.signal.throwIfAborted();
  if (isHopeless() && wereNot < scenarios.length) return `none of the first ${wereNot} scenarios could be set up`;
}

/** @param measuredAgain Why this is not the first run of the scenario. */
async function runOne(
  each: EachOptions,
  scenario: Scenario,
  lab: Lab,
  signal: AbortSignal,
  measuredAgain: string | undefined,
): Promise<ScenarioResult> {
  const { options, scenarios, contract, engine, noise, folder } = each;
  const { reporter, profile } = options;
  const index = scenarios.indexOf(scenario);
  const seed = options.seed + index;
  const watched = reporter.scenarioBegins(announce(each, scenario));
  const nth = scenario.nth === undefined || scenario.nth === 1 ? '' : `-${scenario.nth}`;
  const name = `${scenario.name.replace('/', '-')}${nth}`;
  try {
    const result = await runScenario({
      scenario,
      contract,
      lab,
      engine,
      noise,
      seed,
      profile,
      signal,
      watcher: watched,
      folder: measuredAgain === undefined ? join(folder, name) : join(folder, AGAIN, name),
      again: againCommand({ scenario: scenario.name, seed }, options),
    });
    if (measuredAgain === undefined) return result;
    await mkdir(join(folder, FIRST), { recursive: true });
    await rename(join(folder, name), join(folder, FIRST, name));
    await rename(join(folder, AGAIN, name), join(folder, name));
    return { ...result, measuredAgain };
  } finally {
    watched.ended();
  }
}

function announce({ before }: EachOptions, scenario: Scenario): Announced {
  const { name, numbers, proof } = scenario;
  return {
    scenario: name,
    expectedSeconds: secondsOf(scenario, before),
    breakers: Object.keys(numbers.breakers),
    ...(numbers.pool && { ceiling: numbers.pool.max * processesOf(proof) }),
  };
}
