import { join } from 'node:path';
import { sideBySide } from '../base/side-by-side.ts';
import { processesOf } from '../contract/proof.ts';
import type { Lab } from '../lab/lab.ts';
import type { Announced } from '../report/live/watcher.ts';
import { scenarioTable } from '../report/text/terminal.ts';
import type { RunResult, ScenarioResult } from '../verdict/run-result.ts';
import { againCommand } from './again.ts';
import { secondsOf } from './how-long.ts';
import type { RunOptions } from './run-options.ts';
import { runScenario, type ScenarioRun } from './run-scenario.ts';
import { isSociable, type Scenario } from './scenario.ts';

export interface EachOptions extends Pick<ScenarioRun, 'contract' | 'engine' | 'noise'> {
  options: RunOptions;
  scenarios: readonly Scenario[];
  /** As many as scenarios may run at once. */
  labs: readonly Lab[];
  /** Of the run. */
  folder: string;
  /** What the same run came to the last time. */
  before: RunResult | undefined;
  /** Keeps what a scenario came to, at its place. */
  keep: (result: ScenarioResult, place: number) => Promise<void>;
}

/** So many scenarios in a row, on each lab, that could not be set up: if none was before, the others can't be either. */
const GIVE_UP_AFTER = 2;

/**
 * Runs scenarios side by side, one on each lab, and after them, one after the other, those that have to be alone. Each verdict
 * is shown as it comes. One that can't be set up is INCONCLUSIVE, and the others go on.
 *
 * @returns Why it ended before the last scenario, if none of the first could be set up.
 * @throws The run's own reason where it is aborted; what a scenario could not be run for, which ends those beside it.
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
  await sideBySide(scenarios.filter(isSociable), labs.length, (scenario, _, lane) => runOn(labs[lane], scenario));
  for (const scenario of scenarios.filter((one) => !isSociable(one))) await runOn(labs[0], scenario);
  options.signal.throwIfAborted();
  if (isHopeless() && wereNot < scenarios.length) return `none of the first ${wereNot} scenarios could be set up`;
}

async function runOne(each: EachOptions, scenario: Scenario, lab: Lab, signal: AbortSignal): Promise<ScenarioResult> {
  const { options, scenarios, contract, engine, noise, folder } = each;
  const { watcher, profile } = options;
  const index = scenarios.indexOf(scenario);
  const seed = options.seed + index;
  const watched = watcher.begin(announce(each, scenario, index));
  let result: ScenarioResult | undefined;
  try {
    result = await runScenario({
      ...{ scenario, contract, lab, engine, noise, seed, profile, signal, watcher: watched },
      folder: join(folder, scenario.name.replace('/', '-')),
      again: againCommand(scenario.name, seed, options),
    });
  } finally {
    watched.judged(result?.findings ?? []);
  }
  watcher.clear();
  options.say(scenarioTable(result, folder));
  return result;
}

function announce({ scenarios, before }: EachOptions, scenario: Scenario, index: number): Announced {
  const { name, numbers, proof } = scenario;
  return {
    ...{ scenario: name, index: index + 1, count: scenarios.length },
    expectedSeconds: secondsOf(scenario, before),
    breakers: Object.keys(numbers.breakers),
    ...(numbers.pool && { ceiling: numbers.pool.max * processesOf(proof) }),
  };
}
