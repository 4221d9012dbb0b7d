import { join } from 'node:path';
import { worst } from './checkers/checker.ts';
import { loadContract } from './contract/load.ts';
import type { Contract } from './contract.ts';
import { findEngine } from './engine/engine.ts';
import { messageOf, ProofloadError } from './errors.ts';
import { type Lab, startLab } from './lab/lab.ts';
import { againCommand } from './report/again.ts';
import { describeEnvironment } from './report/environment.ts';
import type { Announced, Watcher } from './report/live/watcher.ts';
import { makeRunFolder, readRun } from './report/run-folder.ts';
import { type RunResult, type ScenarioResult, VERDICT_VERSION } from './report/run-result.ts';
import { scenarioTable } from './report/terminal.ts';
import { writeReport } from './report/write-report.ts';
import { runScenario } from './run-scenario.ts';
import { findScenarios, loadScenario, type Scenario, type Skipped } from './scenario.ts';

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
 * Runs scenarios one after the other on one lab, shows each verdict as it comes, and writes them all.
 *
 * @throws ProofloadError for wrong usage, an invalid contract or scenario, or a lab that does not come up.
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const { watcher } = options;
  const contract = withCommand(await loadContract(options.contract), options.command);
  const names = await findScenarios(options.scenarios);
  const loaded = await Promise.all(names.map((name) => loadScenario(name, contract, options.profile)));
  const scenarios = loaded.filter((one): one is Scenario => !('skipped' in one));
  const skipped = loaded.filter((one): one is Skipped => 'skipped' in one);
  if (scenarios.length === 0) throw nothingToJudge(options.contract, skipped);
  const engine = await findEngine(options.engine);
  const environment = await describeEnvironment();
  const before = await lastRun(options);
  const started = new Date();
  if (!options.lab) watcher.step('bringing the lab up');
  await using own = options.lab ? undefined : await startLab(options.postgres, options.fakes);
  const lab = options.lab ?? (own as Lab);
  watcher.clear();
  options.say(`${contract.name}, profile ${options.profile}, seed ${options.seed}`);
  for (const { name, skipped: why } of skipped) options.say(`skipped ${name}: ${why}`);
  options.say(`engine: ${engine.name} (${engine.version}); database: ${lab.postgres.description}`);

  const folder = await makeRunFolder(options.results, options.name, started);
  const results: ScenarioResult[] = [];
  let stopped: unknown;
  try {
    for (const [index, scenario] of scenarios.entries()) {
      options.signal.throwIfAborted();
      watcher.begin(announce(scenario, index));
      const result = await runOne(scenario, index);
      results.push(result);
      watcher.judged(result.findings);
      watcher.clear();
      options.say(scenarioTable(result, folder));
    }
    options.signal.throwIfAborted();
    const compared = await options.compared?.(folder);
    if (compared && 'skipped' in compared) skipped.push(compared);
    else if (compared) {
      results.push(compared);
      options.say(scenarioTable(compared, folder));
    }
  } catch (error) {
    stopped = error;
  }
  const finished: RunResult = {
    version: VERDICT_VERSION,
    name: options.name,
    started: started.toISOString(),
    seconds: (Date.now() - started.getTime()) / 1_000,
    verdict: worst([...results.map(({ verdict }) => verdict), ...(stopped ? ['INCONCLUSIVE' as const] : [])]),
    profile: options.profile,
    seed: options.seed,
    service: contract.name,
    engine: { name: engine.name, version: engine.version },
    postgres: lab.postgres.description,
    environment,
    scenarios: results,
    skipped,
    ...(stopped !== undefined && { stopped: messageOf(stopped) }),
  };
  await writeReport(folder, finished);
  if (stopped !== undefined && !options.signal.aborted) throw stopped;
  options.say(`\nreport: ${join(folder, 'report.html')}`);
  return finished;

  function announce({ name: scenario, numbers }: Scenario, index: number): Announced {
    const last = before?.scenarios.find((one) => one.scenario === scenario);
    return {
      ...{ scenario, index: index + 1, count: scenarios.length },
      breakers: Object.keys(numbers.breakers),
      ...(numbers.pool && { ceiling: numbers.pool.max }),
      ...(last && { expectedSeconds: last.seconds }),
    };
  }

  function runOne(scenario: Scenario, index: number): Promise<ScenarioResult> {
    const seed = options.seed + index;
    return runScenario({
      ...{ scenario, contract, lab, engine, seed, profile: options.profile, signal: options.signal },
      folder: join(folder, scenario.name.replace('/', '-')),
      again: againCommand(scenario.name, seed, options),
      watcher,
    });
  }
}

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

/** A contract whose service is started by another command, where one is given. */
export function withCommand(contract: Contract, command: string[] | undefined): Contract {
  return command ? { ...contract, start: { ...contract.start, command } } : contract;
}
