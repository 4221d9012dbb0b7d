import { join, relative } from 'node:path';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { about, count } from '../base/in-words.ts';
import { withoutSecrets } from '../base/without-secrets.ts';
import type { Contract } from '../contract/contract.ts';
import { loadContract } from '../contract/load.ts';
import { findScenarios } from '../contract/scenario-names.ts';
import { seenFromOutside } from '../contract/seen-from-outside.ts';
import { findEngine } from '../engine/engine.ts';
import { type Lab, startLabs } from '../lab/lab.ts';
import { describeNoise, measureNoiseFloor } from '../machine/noise-floor.ts';
import { describeEnvironment } from '../report/environment.ts';
import { makeRunFolder, prepareResults, readRun, writeVerdict } from '../report/run-folder.ts';
import { notJudgedList } from '../report/text/not-judged-list.ts';
import { scenarioTable } from '../report/text/terminal.ts';
import { writeReport } from '../report/write-report.ts';
import { coverageOf, verdictOf } from '../verdict/coverage.ts';
import { type RunResult, type ScenarioResult, VERDICT_VERSION } from '../verdict/run-result.ts';
import { secondsOfAll } from './how-long.ts';
import { runEach } from './run-each.ts';
import type { RunOptions } from './run-options.ts';
import { isSociable, loadScenario, type Scenario } from './scenario.ts';
import type { Skipped } from './skipped-scenario.ts';

/**
 * Runs scenarios, side by side on labs of their own as far as `jobs` allows, shows each verdict as it comes, and writes them
 * all. Those that have to be alone come last, one after the other.
 *
 * @throws ProofloadError for wrong usage, an invalid contract or scenario, or a lab that does not come up.
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const { watcher } = options;
  const promised = await loadContract(options.contract, options);
  const names = await findScenarios(options.scenarios);
  const requires = await requiredOf(options, promised, names);
  const contract = seenFromOutside(promised);
  const loaded = await Promise.all(names.map((name) => loadScenario(name, promised, options.profile)));
  const scenarios = loaded.filter((one): one is Scenario => !('skipped' in one));
  const skipped = loaded.filter((one): one is Skipped => 'skipped' in one);
  await prepareResults(options.results);
  const engine = await findEngine(options.engine);
  const environment = await describeEnvironment();
  const before = await lastRun(options);
  const started = new Date();
  const together = Math.min(widthOf(options, contract), scenarios.filter(isSociable).length);
  const width = scenarios.length === 0 ? 0 : Math.max(1, together);
  await using labs = await labsFor(options, width);
  const [lab] = labs;
  watcher.step('measuring how exact times are here');
  const noise = await measureNoiseFloor(async () => lab?.fakes.lastReceipt());
  watcher.clear();
  const postgres = lab?.postgres.description ?? 'none: nothing was to be run';
  const source = relative('', options.contract);
  options.say(`${contract.name} (${source}), profile ${options.profile}, seed ${options.seed}`);
  options.say(`engine: ${engine.name} (${engine.version}); database: ${postgres}`);
  options.say(`machine: ${describeNoise(noise)}`);
  const took = about(secondsOfAll(scenarios, width, before));
  const atOnce = width > 1 ? `, ${width} at once, each on a lab of its own` : '';
  const left = skipped.length > 0 ? `; ${skipped.length} skipped, listed at the end` : '';
  options.say(`${count(scenarios.length, 'scenario')}${atOnce}: ${took}${left}`);

  const folder = await makeRunFolder(options.results, options.name, started);
  const byPlace: ScenarioResult[] = [];
  // Whenever it is killed, what was judged so far can be read.
  const unfinished = () => writeVerdict(folder, summarize('it was killed before its end'));
  let kept = unfinished();
  const keep = (result: ScenarioResult, place: number): Promise<void> => {
    byPlace[place] = result;
    kept = kept.then(unfinished);
    return kept;
  };
  await kept;
  let compared: ScenarioResult | Skipped | undefined;
  let stopped: unknown;
  let failed = false;
  try {
    stopped = await runEach({ options, scenarios, labs, contract, engine, noise, folder, before, keep });
    compared = await options.compared?.(folder);
  } catch (error) {
    stopped = error;
    failed = true;
  }
  if (compared && 'skipped' in compared) skipped.push(compared);
  else if (compared) {
    byPlace.push(compared);
    options.say(scenarioTable(compared, folder));
  }
  const finished = summarize(stopped === undefined ? undefined : messageOf(stopped));
  await writeReport(folder, finished);
  if (failed && !options.signal.aborted) throw stopped;
  const unjudged = notJudgedList(finished);
  if (unjudged !== '') options.say(`\n${unjudged}`);
  options.say(`\nreport: ${join(folder, 'report.html')}`);
  return finished;

  /** @param why It was stopped before its end, where it was. */
  function summarize(why: string | undefined): RunResult {
    const results = byPlace.filter(Boolean);
    const coverage = coverageOf({ scenarios: results, skipped }, names.length + (options.compared ? 1 : 0));
    const judged = { scenarios: results, requires, coverage, ...(why !== undefined && { stopped: why }) };
    return withoutSecrets<RunResult>({
      version: VERDICT_VERSION,
      name: options.name,
      started: started.toISOString(),
      seconds: (Date.now() - started.getTime()) / 1_000,
      verdict: verdictOf(judged),
      profile: options.profile,
      seed: options.seed,
      service: contract.name,
      engine: { name: engine.name, version: engine.version },
      postgres,
      environment: { ...environment, noise },
      skipped,
      ...judged,
    });
  }
}

/** The lab that is up already, or as many as are to be had for this run. */
async function labsFor({ lab, watcher, postgres, fakes }: RunOptions, width: number): Promise<Lab[] & AsyncDisposable> {
  if (width === 0) return Object.assign([], { async [Symbol.asyncDispose]() {} });
  if (lab) return Object.assign([lab], { async [Symbol.asyncDispose]() {} });
  watcher.step('bringing the lab up');
  return startLabs(width, postgres, fakes);
}

/** A server or a service that all scenarios share is for one of them at a time. */
const widthOf = ({ jobs, lab, postgres }: RunOptions, { start }: Contract): number =>
  lab || start.running || /^postgres(ql)?:/.test(postgres) ? 1 : jobs;

/**
 * The scenarios of a run that have to be judged: those that were asked for by name, and of the contract's those that are in the run.
 *
 * @throws ProofloadError SCENARIO_UNKNOWN; USAGE if one that was asked for is not in the run.
 */
async function requiredOf({ require, scenarios }: RunOptions, contract: Contract, names: string[]): Promise<string[]> {
  const asked = await findScenarios(require);
  const foreign = asked.find((name) => !names.includes(name));
  if (foreign !== undefined) {
    throw new ProofloadError(
      'USAGE',
      `${foreign} is required, but is not part of this run (${scenarios.join(', ')}); run its suite too, or require one of: ${names.join(', ')}`,
    );
  }
  const ofContract = await findScenarios(contract.requires);
  return names.filter((name) => asked.includes(name) || ofContract.includes(name));
}

/** The newest run of the same name and profile, if there is one that can be read. */
async function lastRun({ results, name, profile }: RunOptions): Promise<RunResult | undefined> {
  const found = await readRun(results, name).catch(() => undefined);
  return found?.result.profile === profile ? found.result : undefined;
}
