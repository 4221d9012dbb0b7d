import { dirname, join, relative } from 'node:path';
import { messageOf } from '../base/errors.ts';
import { secondsUntilDone } from '../base/lanes.ts';
import { SETTINGS } from '../base/settings.ts';
import { whyUnwritten } from '../base/written.ts';
import type { Contract } from '../contract/contract.ts';
import { seenFromOutside } from '../contract/seen-from-outside.ts';
import { findEngine } from '../engine/engine.ts';
import { type Lab, startLab, startLabs } from '../lab/lab.ts';
import { LabPool } from '../lab/lab-pool.ts';
import { isPostgresUrl } from '../lab/postgres/postgres-choice.ts';
import { describeNoise, measureNoiseFloor } from '../machine/noise-floor.ts';
import { describeEnvironment } from '../report/environment.ts';
import { markRunning, pruneRuns } from '../report/prune-runs.ts';
import type { RunPlan } from '../report/reporters/reporter.ts';
import { makeRunFolder, prepareResults, readRun, writeVerdict } from '../report/run-folder.ts';
import { writeReport } from '../report/write-report.ts';
import { coverageOf, verdictOf } from '../verdict/coverage.ts';
import { coverPromises } from '../verdict/promise-coverage.ts';
import { type RunResult, type ScenarioResult, VERDICT_VERSION } from '../verdict/run-result.ts';
import { watchIdle } from '../watch/watch-idle.ts';
import { againCommand } from './again.ts';
import { inStartOrder, kindsOf, labsWorth, secondsOf } from './how-long.ts';
import { beforeRun } from './promised.ts';
import { askedFor } from './required.ts';
import { runEach } from './run-each.ts';
import type { RunOptions } from './run-options.ts';
import { atOnce, loadScenario, type Scenario } from './scenario.ts';
import type { Skipped } from './skipped-scenario.ts';

/**
 * Runs scenarios, at most `jobs` at a time and each in its own lab. Reports each verdict as soon as it is available,
 * and finally writes all of them. Scenarios that compare times or measure capacity come last: see `atOnce`.
 *
 * @throws ProofloadError for incorrect usage, an invalid contract or scenario, or a lab that does not start
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const { reporter } = options;
  const { contract: promised, names, requires } = await askedFor(options);
  const contract = seenFromOutside(promised);
  const loaded = await Promise.all(names.map((name) => loadScenario(name, promised, options.profile)));
  const scenarios = loaded
    .filter((one): one is Scenario => !('skipped' in one))
    .flatMap((one) => oftenAs(options, one));
  const skipped: Skipped[] = loaded
    .filter((one) => 'skipped' in one)
    .map(({ name, judges, skipped: because }) => ({ name, judges, skipped: because }));
  const asked = scenarios.length + skipped.length + (options.compared ? 1 : 0);
  await prepareResults(options.results);
  const engine = await findEngine(options.engine);
  const environment = await describeEnvironment();
  const before = await lastRun(options);
  const started = new Date();
  const { width, most } = widthsOf(scenarios, options, contract, before);
  // The scripts of all other scenarios are read while the labs start.
  const knowing = beforeRun(options, promised, loaded);
  knowing.catch(() => {}); // it is thrown below, unless the labs fail first
  await using labs = await labsFor(options, contract, options.signal.aborted ? 0 : width);
  hurryAfterAbort(options, labs);
  const [lab] = labs;
  const known = await knowing;
  // It must measure whether other programs use the processors before the first scenarios start.
  using idle = watchIdle();
  reporter.step('measuring the precision of times on this machine');
  const noise = await measureNoiseFloor(async () => lab?.fakes.lastReceipt());
  const postgres = lab?.postgres?.description ?? 'none';
  const folder = await makeRunFolder(options.results, options.name, started);
  await using _ = await markRunning(folder);
  reporter.runBegins(
    planOf(options, scenarios, before, {
      service: contract.name,
      engine: { name: engine.name, version: engine.version },
      postgres,
      folder,
      width,
      machine: describeNoise(noise),
      skipped: skipped.length,
    }),
  );
  const byPlace: ScenarioResult[] = [];
  // If the run is killed, all verdicts up to that point can still be read.
  const unfinished = () => writeVerdict(folder, summarize('it was killed before it finished'));
  let kept = unfinished();
  let unwritten: string | undefined;
  // The run continues without them: its verdict is also printed.
  const orSay = (error: unknown): void => {
    unwritten = whyUnwritten(error);
    if (unwritten === undefined) throw error;
  };
  const keep = (result: ScenarioResult, place: number): Promise<void> => {
    byPlace[place] = result;
    kept = kept.then(unfinished).catch(orSay);
    return kept;
  };
  await kept;
  let compared: ScenarioResult | Skipped | undefined;
  let stopped: unknown;
  let failed = false;
  try {
    stopped = await runEach({
      options,
      scenarios,
      labs: new LabPool(labs, most - width, async () => {
        const added = await startLab({ ...options, contract });
        labs.push(added);
        return added;
      }),
      width,
      most,
      contract,
      engine,
      noise,
      folder,
      before,
      idleShare: idle.share,
      keep,
    });
    compared = await options.compared?.judge(folder);
  } catch (error) {
    stopped = error;
    failed = true;
  }
  if (compared && 'skipped' in compared) skipped.push(compared);
  else if (compared) {
    byPlace.push(compared);
    if (!options.signal.aborted || compared.verdict !== 'INCONCLUSIVE') reporter.scenarioEnds(compared);
  }
  const isInterrupted = stopped !== undefined && options.signal.aborted;
  // Interrupted work may fail.
  const reason = isInterrupted ? options.signal.reason : stopped;
  const finished = summarize(reason === undefined ? undefined : messageOf(reason));
  await Promise.all([writeReport(folder, finished).catch(orSay), labs[Symbol.asyncDispose]()]);
  await pruneRuns(dirname(folder), join(options.results, 'latest'), options.keep ?? SETTINGS.KEEP.usual).catch(
    (error) => reporter.note(`older runs of ${options.name} were not removed: ${messageOf(error)}`),
  );
  if (failed && !isInterrupted) throw stopped;
  if (unwritten !== undefined) reporter.unwritten(unwritten);
  if (isInterrupted) reporter.runInterrupted(finished);
  else reporter.runEnds(finished);
  return finished;

  /** @param why Why the run was stopped early, if it was. */
  function summarize(why: string | undefined): RunResult {
    const results = byPlace.filter(Boolean);
    const coverage = {
      ...coverageOf({ scenarios: results, skipped }, asked),
      promises: coverPromises({ scenarios: results, skipped }, known),
    };
    const judged = { scenarios: results, requires, coverage, ...(why !== undefined && { stopped: why }) };
    return {
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
    };
  }
}

/** Kills the processes of labs that have not ended within the time that they have after an abort. */
function hurryAfterAbort({ signal, graceMs }: RunOptions, labs: readonly Lab[]): void {
  if (graceMs === undefined) return;
  const kill = () => {
    for (const { reaper } of labs) reaper.killProcesses();
  };
  const hurry = () => setTimeout(kill, graceMs).unref();
  if (signal.aborted) hurry();
  else signal.addEventListener('abort', hurry, { once: true });
}

/** Returns a scenario once for each of its mutations. */
function oftenAs({ mutationsOf }: RunOptions, scenario: Scenario): Scenario[] {
  if (!mutationsOf) return [scenario];
  return mutationsOf(scenario.name).map((mutation, index) => ({ ...scenario, mutation, nth: index + 1 }));
}

type Begun = Pick<RunPlan, 'service' | 'engine' | 'postgres' | 'folder' | 'width' | 'machine' | 'skipped'>;

function planOf(
  options: RunOptions,
  scenarios: readonly Scenario[],
  before: RunResult | undefined,
  begun: Begun,
): RunPlan {
  const { profile, seed, repetition } = options;
  const tasks = inStartOrder(scenarios, before, begun.width).map((one) => ({
    name: one.name,
    seconds: secondsOf(one, before),
    atOnce: atOnce(one),
  }));
  const suites = [...new Set(scenarios.map(({ name }) => name.split('/')[0] as string))];
  return {
    ...begun,
    contract: relative('', options.contract),
    profile,
    seed,
    scenarios: tasks,
    seconds: secondsUntilDone(tasks, begun.width),
    again: againCommand({ lastFailedOf: suites }, options),
    ...(repetition !== undefined && { repetition }),
  };
}

/** Returns the existing lab, or as many new labs as scenarios may run concurrently. */
async function labsFor(
  { lab, reporter, postgres, fakes }: RunOptions,
  contract: Contract,
  width: number,
): Promise<Lab[] & AsyncDisposable> {
  if (width === 0) return Object.assign([], { async [Symbol.asyncDispose]() {} });
  if (lab) return Object.assign([lab], { async [Symbol.asyncDispose]() {} });
  reporter.step('starting the lab');
  return startLabs(width, { postgres, fakes, contract });
}

/**
 * Returns how many scenarios run concurrently (`width`), and how many at most if processors are idle. If all scenarios
 * share a server or a service, they run one at a time.
 */
function widthsOf(
  scenarios: readonly Scenario[],
  { lab, postgres, jobs, spareJobs = jobs }: RunOptions,
  { start }: Contract,
  before: RunResult | undefined,
): { width: number; most: number } {
  const isShared = lab !== undefined || start.running !== undefined || isPostgresUrl(postgres);
  // Scenarios of different kinds run one kind after the other, so the widest kind counts.
  const widest = (asked: number, labs: (some: readonly Scenario[]) => number): number =>
    Math.max(0, ...kindsOf(scenarios).map(([most, some]) => Math.min(isShared ? 1 : asked, most, labs(some))));
  const width = widest(jobs, (some) => some.length);
  return {
    width,
    most: Math.max(
      width,
      widest(spareJobs, (some) => labsWorth(some, before)),
    ),
  };
}

/** Returns the most recent run with the same name and profile, if there is one and it can be read. */
async function lastRun({ results, name, profile }: RunOptions): Promise<RunResult | undefined> {
  const found = await readRun(results, name).catch(() => undefined);
  return found?.result.profile === profile ? found.result : undefined;
}
