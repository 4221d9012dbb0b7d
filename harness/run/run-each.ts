import { join } from 'node:path';
import { sideBySide } from '../base/side-by-side.ts';
import { processesOf } from '../contract/proof.ts';
import type { Lab } from '../lab/lab.ts';
import type { Announced } from '../report/live/display.ts';
import type { RunResult, ScenarioResult } from '../verdict/run-result.ts';
import { againCommand } from './again.ts';
import { inStartOrder, secondsOf } from './how-long.ts';
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
  /** Stores a scenario's result at the given position. */
  keep: (result: ScenarioResult, place: number) => Promise<void>;
}

/** The run stops if this many scenarios per lab could not be set up before any of them could. */
const GIVE_UP_AFTER = 2;

/**
 * Runs scenarios concurrently, one per lab, followed by those that must run alone, one after another. Each verdict is
 * reported as soon as it is available. A scenario that can't be set up is INCONCLUSIVE, and the others still run.
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
  let [wereSetUp, wereNot] = [0, 0];
  const isHopeless = () => wereSetUp === 0 && wereNot >= patience;
  const runOn = async (lab: Lab | undefined, scenario: Scenario) => {
    signal.throwIfAborted();
    if (isHopeless()) return;
    if (!lab) throw new RangeError('there are more lanes than labs');
    try {
      const result = await runOne(each, scenario, lab, signal);
      if (result.notRun === undefined) wereSetUp += 1;
      else wereNot += 1;
      await keep(result, scenarios.indexOf(scenario));
    } catch (error) {
      failed.abort(`${scenario.name} could not be run`);
      throw error;
    }
  };
  const ordered = inStartOrder(scenarios, each.before, labs.length);
  await sideBySide(ordered.filter(isSociable), labs.length, (scenario, _, lane) => runOn(labs[lane], scenario));
  for (const scenario of ordered.filter((one) => !isSociable(one))) await runOn(labs[0], scenario);
  options.signal.throwIfAborted();
  if (isHopeless() && wereNot < scenarios.length) return `none of the first ${wereNot} scenarios could be set up`;
}

async function runOne(each: EachOptions, scenario: Scenario, lab: Lab, signal: AbortSignal): Promise<ScenarioResult> {
  const { options, scenarios, contract, engine, noise, folder } = each;
  const { reporter, profile } = options;
  const index = scenarios.indexOf(scenario);
  const seed = options.seed + index;
  const watched = reporter.scenarioBegins(announce(each, scenario));
  let result: ScenarioResult;
  try {
    result = await runScenario({
      scenario,
      contract,
      lab,
      engine,
      noise,
      seed,
      profile,
      signal,
      watcher: watched,
      mutation: options.mutationOf?.(scenario.name),
      folder: join(folder, scenario.name.replace('/', '-')),
      again: againCommand({ scenario: scenario.name, seed }, options),
    });
  } finally {
    watched.ended();
  }
  reporter.scenarioEnds(result);
  return result;
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
