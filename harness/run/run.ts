import { dirname, join, relative } from 'node:path';
import { now } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { secondsUntilDone } from '../base/lanes.ts';
import { SETTINGS } from '../base/settings.ts';
import type { Contract } from '../contract/contract.ts';
import { likelyPromises } from '../contract/likely-promises.ts';
import { seenFromOutside } from '../contract/seen-from-outside.ts';
import { findEngine } from '../engine/engine.ts';
import { type Lab, startLab, startLabs } from '../lab/lab.ts';
import { LabPool } from '../lab/lab-pool.ts';
import { isPostgresUrl } from '../lab/postgres/postgres-choice.ts';
import { describeNoise, measureNoiseFloor } from '../machine/noise-floor.ts';
import { describeEnvironment } from '../report/environment.ts';
import { markRunning, pruneRuns } from '../report/prune-runs.ts';
import type { RunPlan } from '../report/reporters/reporter.ts';
import { makeRunFolder, prepareResults } from '../report/run-folder.ts';
import type { RunResult, ScenarioResult } from '../verdict/run-result.ts';
import { watchIdle } from '../watch/watch-idle.ts';
import { againCommand } from './again.ts';
import { inStartOrder, kindsOf, labsWorth, secondsOf } from './how-long.ts';
import { beforeRun } from './promised.ts';
import { loadRequested } from './required.ts';
import { type EachOptions, runEach } from './run-each.ts';
import type { RunOptions } from './run-options.ts';
import { RunRecord } from './run-record.ts';
import { atOnce, loadScenario, type Scenario } from './scenario.ts';
import type { Skipped } from './skipped-scenario.ts';
import { keepTimings, readTimings, type Timings, type Took } from './timings.ts';

/**
 * Runs scenarios, at most `jobs` at a time and each in its own lab. Reports each verdict as soon as it is available,
 * and finally writes all of them. Scenarios that compare times or measure capacity come last: see `atOnce`.
 *
 * @throws ProofloadError for incorrect usage, an invalid contract or scenario, or a lab that does not start
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const { reporter } = options;
  const selected = await select(options);
  const { contract, scenarios, skipped, requires } = selected;
  await prepareResults(options.results);
  const [engine, environment, timings] = await Promise.all([
    findEngine(options.engine),
    describeEnvironment(),
    readTimings(options),
  ]);
  const setUpBegan = now();
  const { began: started = new Date() } = options;
  const widths = widthsOf(scenarios, options, contract, timings);
  // The scripts of all other scenarios are read while the labs start.
  const knowing = beforeRun(options, selected.promised, selected.loaded);
  knowing.catch(() => {}); // it is thrown below, unless the labs fail first
  await using labs = await labsFor(options, contract, widths.width > 0 && !options.signal.aborted);
  hurryAfterAbort(options, labs);
  const promised = await knowing;
  // It must measure whether other programs use the processors before the first scenarios start.
  using idle = watchIdle();
  reporter.step('measuring the precision of times on this machine');
  const [lab] = labs;
  const noise = await measureNoiseFloor(async () => lab?.fakes.lastReceipt());
  const folder = await makeRunFolder(options.results, options.name, started);
  await using _ = await markRunning(folder);
  const facts = {
    service: contract.name,
    engine: { name: engine.name, version: engine.version },
    postgres: lab?.postgres?.description ?? 'none',
  };
  const record = new RunRecord(folder, {
    name: options.name,
    started,
    profile: options.profile,
    seed: options.seed,
    ...facts,
    environment: { ...environment, noise },
    skipped,
    requires,
    requested: scenarios.length + skipped.length + (options.compared ? 1 : 0),
    promised,
    likely: likelyPromises(selected.promised, options.profile),
  });
  const plan = planOf(options, scenarios, timings, {
    ...facts,
    folder,
    setUpSeconds: (now() - setUpBegan) / 1_000,
    width: widths.width,
    machine: describeNoise(noise),
    skipped: skipped.length,
  });
  reporter.runBegins(plan);
  await record.begin();
  const { keep } = record;
  const took: Took = [];
  const ending = await judgeAll(
    { options, scenarios, ...widths, contract, engine, noise, folder, timings, took, idleShare: idle.share, keep },
    labs,
    record,
  );
  const finished = await finish(options, { folder, labs, record }, ending);
  const { elapsed } = ending;
  const stated = new Map(scenarios.map(({ name, proof }) => [name, proof.seconds]));
  await keepTimings(options, timings, { tasks: plan.scenarios, width: plan.width, elapsed, took, stated });
  return finished;
}

async function select(options: RunOptions) {
  const { contract: promised, names, requires } = await loadRequested(options);
  const loaded = await Promise.all(names.map((name) => loadScenario(name, promised, options.profile)));
  return {
    /** All promises of the contract. */
    promised,
    /** The promises that can be judged from outside. */
    contract: seenFromOutside(promised),
    loaded,
    scenarios: loaded
      .filter((scenario): scenario is Scenario => !('skipped' in scenario))
      .flatMap((scenario) => oftenAs(options, scenario)),
    skipped: loaded
      .filter((scenario) => 'skipped' in scenario)
      .map(({ scenario: _, unpromised, ...skipped }): Skipped => {
        // What must be judged is not left out as something that nobody promised.
        return unpromised && !requires.includes(skipped.name) ? { ...skipped, unpromised } : skipped;
      }),
    requires,
  };
}

/** How the work of a run ended. */
interface Ending {
  /** Why it ended early, if it did: a text, or the error that was thrown. */
  readonly stopped: unknown;
  readonly hasFailed: boolean;
  /** How many seconds the scenarios took, unless they were stopped early. */
  readonly elapsed?: number | undefined;
}

/** Runs the scenarios, and then the comparison with another build, if requested. Keeps their results. */
async function judgeAll(each: Omit<EachOptions, 'labs'>, labs: Lab[], record: RunRecord): Promise<Ending> {
  const { options, contract, most, folder } = each;
  const addLab = async () => {
    const added = await startLab({ ...options, contract, prepared: labs[0]?.prepared });
    labs.push(added);
    return added;
  };
  const began = now();
  try {
    const stopped = await runEach({ ...each, labs: new LabPool(labs, Math.max(0, most - labs.length), addLab) });
    const elapsed = stopped === undefined ? (now() - began) / 1_000 : undefined;
    const compared = await options.compared?.judge(folder);
    if (compared) keepCompared(options, compared, record);
    return { stopped, hasFailed: false, elapsed };
  } catch (error) {
    return { stopped: error, hasFailed: true };
  }
}

function keepCompared({ signal, reporter }: RunOptions, compared: ScenarioResult | Skipped, record: RunRecord): void {
  record.add(compared);
  if ('skipped' in compared) return;
  if (!signal.aborted || compared.verdict !== 'INCONCLUSIVE') reporter.scenarioEnds(compared);
}

/**
 * Writes the reports, stops the labs, and removes old runs.
 *
 * @throws The error that ended the run, unless the run was interrupted
 */
async function finish(
  options: RunOptions,
  { folder, labs, record }: { folder: string; labs: AsyncDisposable; record: RunRecord },
  { stopped, hasFailed }: Ending,
): Promise<RunResult> {
  const { reporter, signal, results, name, keep = SETTINGS.KEEP.usual } = options;
  const isInterrupted = stopped !== undefined && signal.aborted;
  // Interrupted work may fail.
  const reason = isInterrupted ? signal.reason : stopped;
  const finished = record.summarize(reason === undefined ? undefined : messageOf(reason));
  await Promise.all([record.report(finished), labs[Symbol.asyncDispose]()]);
  await pruneRuns(dirname(folder), join(results, 'latest'), keep).catch((error) =>
    reporter.note(`older runs of ${name} were not removed: ${messageOf(error)}`),
  );
  if (hasFailed && !isInterrupted) throw stopped;
  if (record.unwritten !== undefined) reporter.unwritten(record.unwritten);
  if (isInterrupted) reporter.runInterrupted(finished);
  else reporter.runEnds(finished);
  return finished;
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

interface Begun extends Pick<RunPlan, 'service' | 'engine' | 'postgres' | 'folder' | 'width' | 'machine' | 'skipped'> {
  /** How long it took until the first scenario can start. */
  readonly setUpSeconds: number;
}

function planOf(
  options: RunOptions,
  scenarios: readonly Scenario[],
  timings: Timings,
  { setUpSeconds, ...begun }: Begun,
): RunPlan {
  const { profile, seed, repetition } = options;
  const tasks = inStartOrder(scenarios, timings, begun.width).map((scenario) => ({
    name: scenario.name,
    seconds: secondsOf(scenario, timings),
    atOnce: atOnce(scenario),
  }));
  const suites = [...new Set(scenarios.map(({ name }) => name.split('/')[0] as string))];
  return {
    ...begun,
    contract: relative('', options.contract),
    profile,
    seed,
    scenarios: tasks,
    stretch: timings.stretch,
    seconds: setUpSeconds + secondsUntilDone(tasks, begun.width, timings.stretch),
    again: againCommand({ lastFailedOf: suites }, options),
    ...(repetition !== undefined && { repetition }),
  };
}

/** Returns the existing labs, or a new one. Others start when scenarios need them, while the longest one runs. */
async function labsFor(
  { labs, keptLabs, reporter, postgres, profile, signal }: RunOptions,
  contract: Contract,
  isNeeded: boolean,
): Promise<Lab[] & AsyncDisposable> {
  const keep = (some: Lab[]) => Object.assign(some, { async [Symbol.asyncDispose]() {} });
  if (!isNeeded) return keep([]);
  if (labs) return keep([...labs]);
  if (keptLabs?.[0]) return keep(keptLabs);
  reporter.step('starting the lab');
  const started = await startLabs(1, { postgres, contract, profile, signal, step: reporter.step, note: reporter.note });
  if (!keptLabs) return started;
  keptLabs.push(...started);
  return keep(keptLabs);
}

/**
 * Returns how many scenarios run concurrently (`width`), and how many at most if processors are idle. If all scenarios
 * share a server or a service, they run one at a time.
 */
function widthsOf(
  scenarios: readonly Scenario[],
  { labs: given, postgres, jobs, spareJobs = jobs }: RunOptions,
  { start }: Contract,
  timings: Timings,
): { width: number; most: number } {
  const isShared = start.running !== undefined || isPostgresUrl(postgres);
  // Scenarios of different kinds run one kind after the other, so the widest kind counts.
  const widest = (requested: number, labs: (some: readonly Scenario[]) => number): number =>
    Math.max(
      0,
      ...kindsOf(scenarios).map(([most, some]) =>
        Math.min(isShared ? 1 : requested, most, labs(some), given?.length ?? most),
      ),
    );
  const width = widest(jobs, (some) => some.length);
  return {
    width,
    most: Math.max(
      width,
      widest(spareJobs, (some) => labsWorth(some, timings)),
    ),
  };
}
