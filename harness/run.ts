import { join } from 'node:path';
import { count, worst } from './checkers/checker.ts';
import { loadContract } from './contract/load.ts';
import { seenFromOutside } from './contract/seen-from-outside.ts';
import type { Contract } from './contract.ts';
import { findEngine } from './engine/engine.ts';
import { messageOf, ProofloadError } from './errors.ts';
import { secondsOfAll } from './how-long.ts';
import { about } from './in-words.ts';
import { type Lab, startLabs } from './lab/lab.ts';
import { describeEnvironment } from './report/environment.ts';
import type { Watcher } from './report/live/watcher.ts';
import { makeRunFolder, prepareResults, readRun, writeVerdict } from './report/run-folder.ts';
import { type RunResult, type ScenarioResult, VERDICT_VERSION } from './report/run-result.ts';
import { scenarioTable } from './report/terminal.ts';
import { writeReport } from './report/write-report.ts';
import { runEach } from './run-each.ts';
import { findScenarios, isSociable, loadScenario, type Scenario, type Skipped } from './scenario.ts';
import { describeNoise, measureNoiseFloor } from './watch/noise-floor.ts';
import { withoutSecrets } from './without-secrets.ts';

export interface RunOptions {
  /** The run's name in results/, such as `chaos`. */
  name: string;
  scenarios: readonly string[];
  contract: string;
  /** Starts the service in the place of the contract's own command, where given. */
  command?: string[] | undefined;
  profile: string;
  engine: string;
  postgres: string;
  fakes: string;
  /** A lab that is up and stays so, in the place of one that is brought up for this run. */
  lab?: Lab | undefined;
  seed: number;
  /** How many scenarios may run at once, each on a lab of its own. */
  jobs: number;
  results: string;
  /** Shows a text to whoever watches: what the run works with, and each scenario's table. */
  say: (text: string) => void;
  /** Shows where the run is. */
  watcher: Watcher;
  /** Ends the run early, in order; its reason says why. */
  signal: AbortSignal;
  /** What is judged beside the scenarios and belongs to the verdict; it may leave something in the run's folder. */
  compared?: ((folder: string) => Promise<ScenarioResult | Skipped>) | undefined;
}

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
  const contract = seenFromOutside(promised);
  const loaded = await Promise.all(names.map((name) => loadScenario(name, promised, options.profile)));
  const scenarios = loaded.filter((one): one is Scenario => !('skipped' in one));
  const skipped = loaded.filter((one): one is Skipped => 'skipped' in one);
  if (scenarios.length === 0) throw nothingToJudge(options.contract, skipped);
  await prepareResults(options.results);
  const engine = await findEngine(options.engine);
  const environment = await describeEnvironment();
  const before = await lastRun(options);
  const started = new Date();
  const width = Math.max(1, Math.min(widthOf(options, contract), scenarios.filter(isSociable).length));
  await using labs = await labsFor(options, width);
  const lab = labs[0] as Lab;
  watcher.step('measuring how exact times are here');
  const noise = await measureNoiseFloor(() => lab.fakes.lastReceipt());
  watcher.clear();
  options.say(`${contract.name}, profile ${options.profile}, seed ${options.seed}`);
  for (const { name, skipped: why } of skipped) options.say(`skipped ${name}: ${why}`);
  options.say(`engine: ${engine.name} (${engine.version}); database: ${lab.postgres.description}`);
  options.say(`machine: ${describeNoise(noise)}`);
  const took = about(secondsOfAll(scenarios, width, before));
  const atOnce = width > 1 ? `, ${width} at once, each on a lab of its own` : '';
  options.say(`${count(scenarios.length, 'scenario')}${atOnce}: ${took}`);

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
  try {
    await runEach({ options, scenarios, labs, contract, engine, noise, folder, before, keep });
    compared = await options.compared?.(folder);
  } catch (error) {
    stopped = error;
  }
  if (compared && 'skipped' in compared) skipped.push(compared);
  else if (compared) {
    byPlace.push(compared);
    options.say(scenarioTable(compared, folder));
  }
  const finished = summarize(stopped === undefined ? undefined : messageOf(stopped));
  await writeReport(folder, finished);
  if (stopped !== undefined && !options.signal.aborted) throw stopped;
  options.say(`\nreport: ${join(folder, 'report.html')}`);
  return finished;

  /** @param why It was stopped before its end, where it was. */
  function summarize(why: string | undefined): RunResult {
    const results = byPlace.filter(Boolean);
    const verdicts = results.map(({ verdict }) => verdict);
    return withoutSecrets<RunResult>({
      version: VERDICT_VERSION,
      name: options.name,
      started: started.toISOString(),
      seconds: (Date.now() - started.getTime()) / 1_000,
      verdict: worst(why === undefined ? verdicts : [...verdicts, 'INCONCLUSIVE']),
      profile: options.profile,
      seed: options.seed,
      service: contract.name,
      engine: { name: engine.name, version: engine.version },
      postgres: lab.postgres.description,
      environment: { ...environment, noise },
      scenarios: results,
      skipped,
      ...(why !== undefined && { stopped: why }),
    });
  }
}

/** The lab that is up already, or as many as are to be had for this run. */
async function labsFor({ lab, watcher, postgres, fakes }: RunOptions, width: number): Promise<Lab[] & AsyncDisposable> {
  if (lab) return Object.assign([lab], { async [Symbol.asyncDispose]() {} });
  watcher.step('bringing the lab up');
  return startLabs(width, postgres, fakes);
}

/** A server or a service that all scenarios share is for one of them at a time. */
const widthOf = ({ jobs, lab, postgres }: RunOptions, { start }: Contract): number =>
  lab || start.running || /^postgres(ql)?:/.test(postgres) ? 1 : jobs;

function nothingToJudge(contract: string, skipped: readonly Skipped[]): ProofloadError {
  const reasons = skipped.map(({ name, skipped: why }) => `  ${name}: ${why}`);
  return new ProofloadError(
    'NOTHING_TO_JUDGE',
    `${contract} promises nothing of what was asked:\n${reasons.join('\n')}`,
  );
}

/** The newest run of the same name and profile, if there is one that can be read. */
async function lastRun({ results, name, profile }: RunOptions): Promise<RunResult | undefined> {
  const found = await readRun(results, name).catch(() => undefined);
  return found?.result.profile === profile ? found.result : undefined;
}
