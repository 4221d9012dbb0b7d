import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../base/errors.ts';
import { RECORD } from '../checkers/foundation/index.ts';
import { WIRE_MUTANTS } from '../checkers/index.ts';
import { type Contract, numbersOf } from '../contract/contract.ts';
import { contractDigest } from '../contract/contract-digest.ts';
import { findScenario } from '../contract/scenario-names.ts';
import { USUAL_SUITES } from '../contract/scenario-scripts.ts';
import { pointsOf } from '../history/before-phase.ts';
import { type Lab, stopLabs } from '../lab/lab.ts';
import { keepProofs } from '../report/proofs.ts';
import { markRunning } from '../report/prune-runs.ts';
import { SILENT } from '../report/reporters/reporter.ts';
import { runFolder } from '../report/run-folder.ts';
import { writeReport } from '../report/write-report.ts';
import type { MutatedRun, Recorded } from '../run/mutated-run.ts';
import { proofsFor } from '../run/promised.ts';
import { loadRequested } from '../run/required.ts';
import { run } from '../run/run.ts';
import type { RunOptions } from '../run/run-options.ts';
import { atOnce } from '../run/scenario.ts';
import type { Skipped } from '../run/skipped-scenario.ts';
import type { Finding } from '../verdict/finding.ts';
import { withProofs } from '../verdict/promise-coverage.ts';
import { type Proved, type ProvedPair, provedCheckers } from '../verdict/proved.ts';
import type { RunResult, ScenarioResult } from '../verdict/run-result.ts';
import { Traffic } from '../wire/traffic.ts';
import { attempt, type Deeds } from './attempt.ts';
import { hasLine } from './has-line.ts';
import { mayCount, nextRuns, type PlannedRun, type Stage, type Task } from './plan.ts';
import { settle, surer } from './settle.ts';
import { type SkippedScript, whyUnprovable } from './why-unprovable.ts';

export interface ProveOptions extends RunOptions {
  /** Called when a scenario with mutants has been judged. */
  onTried(scenario: string, pairs: readonly ProvedPair[]): void;
  /** Called before scenarios run with mutants. Called again if some tasks are left after that. */
  onRound(round: number, runs: number): void;
}

/**
 * Runs scenarios without mutants, and then with them, in as many rounds as needed. Checks that fail without mutants are
 * not proved, but the others in the same scenario are. Writes the result to the folder of the first run, also if the
 * command ends early.
 *
 * @throws ProofloadError as `run` does
 */
export async function prove(options: ProveOptions): Promise<RunResult> {
  const keptLabs: Lab[] = [];
  await using _labs = { [Symbol.asyncDispose]: () => stopLabs(keptLabs) };
  return await proveIn({ ...options, keptLabs });
}

/** Proves in labs that all runs use. */
async function proveIn(options: ProveOptions): Promise<RunResult> {
  const began = Date.now();
  const recorded = new Map<string, Recorded>();
  const traffics = new Map<string, Traffic>();
  // Nothing is changed, but the run has the same proxies as the others.
  const idle = (traffic: Traffic): MutatedRun => ({
    mutants: [],
    traffic,
    acted() {},
    impossible() {},
    broke() {},
    judged({ scenario }, result) {
      recorded.set(scenario, result);
      traffics.set(scenario, traffic);
    },
  });
  const whole = await run({ ...options, measuresAgain: true, mutationsOf: () => [idle(new Traffic())] });
  const folder = runFolder(options.results, whole);
  await using _ = await markRunning(folder);
  const { contract } = await loadRequested(options);
  const isPromised = (line: string) => hasLine(contract, line);
  const skipped = await Promise.all(whole.skipped.map((scenario) => withSource(scenario, contract)));
  const stages: Stage[] = [];
  for (const result of whole.scenarios) {
    const { scenario } = result;
    stages.push(await stageOf(result, recorded.get(scenario), traffics.get(scenario)));
    traffics.delete(scenario);
  }
  const judged = [...new Set(whole.scenarios.flatMap(checkersIn))];
  const passed = new Set(stages.flatMap((stage) => [...stage.passed]));
  const tasks = WIRE_MUTANTS.flatMap((mutant) =>
    mutant.turnsRed
      .filter((checker) => passed.has(checker))
      .map((checker): Task => ({ checker, mutant, tried: new Map() })),
  );
  const pairs = new Map<Task, ProvedPair>();
  const summarize = (stopped?: string): RunResult => {
    const found = tasks.flatMap((task) => pairs.get(task) ?? []);
    const proved: Proved = {
      checkers: judged,
      pairs: found,
      unprovable: whyUnprovable(judged, {
        passed,
        scenarios: whole.scenarios,
        pairs: found,
        skipped,
        isPromised,
        isPart: !USUAL_SUITES.every((suite) => options.scenarios.includes(suite)),
        isStopped: stopped !== undefined,
      }),
      seconds: (Date.now() - began) / 1_000,
      ...(stopped !== undefined && { stopped }),
    };
    return { ...whole, proved };
  };
  const finish = async (stopped?: string): Promise<RunResult> => {
    const result = await withKeptProofs(options, summarize(stopped));
    await writeReport(folder, result);
    return result;
  };
  if (whole.stopped !== undefined) return finish(whole.stopped);
  try {
    for (let number = 1; ; number += 1) {
      const runs = nextRuns(
        tasks.filter((task) => pairs.get(task)?.outcome !== 'caught'),
        stages,
      );
      if (runs.length === 0) return await finish();
      options.onRound(number, runs.length);
      const own = { ...options, jobs: jobsOf(options), results: join(folder, 'mutated'), name: `round-${number}` };
      const stopped = await runPlanned(own, { runs, stages, tasks, pairs, recorded, isPromised });
      if (stopped !== undefined) return await finish(stopped);
    }
  } catch (error) {
    const result = await finish(messageOf(error));
    if (!options.signal.aborted) throw error;
    return result;
  }
}

/**
 * Returns how many runs with mutants may be concurrent. More than usual are, because they prove nothing about the
 * service: a check that can't decide on a busy machine is tried again while fewer runs are in progress.
 */
const jobsOf = ({ jobs, spareJobs = jobs }: RunOptions): number => Math.min(spareJobs, jobs + availableParallelism());

/** Keeps what was proved for later runs, and returns the result with the proofs of its promises. */
async function withKeptProofs(options: ProveOptions, result: RunResult): Promise<RunResult> {
  const { service, started, environment, proved, coverage } = result;
  if (!proved || proved.pairs.length === 0) return result;
  const { contract } = await loadRequested(options);
  const isProved = new Set(provedCheckers(proved));
  const { results, profile, reporter } = options;
  await keepProofs(results, {
    version: 1,
    service,
    at: started,
    ...(environment.commit && { commit: environment.commit.id }),
    contract: contractDigest(contract, numbersOf(contract, profile)),
    caught: proved.pairs.flatMap(({ checker, mutant, scenario = '', outcome }) =>
      outcome === 'caught' && isProved.has(checker) ? [{ checker, mutant, scenario }] : [],
    ),
    missed: [...new Set(proved.pairs.flatMap((pair) => (pair.outcome === 'missed' ? pair.checker : [])))],
  });
  const proofOf = await proofsFor(results, contract, profile, reporter.note);
  return { ...result, coverage: { ...coverage, promises: withProofs(result, coverage.promises ?? [], proofOf) } };
}

interface Trying {
  readonly runs: readonly PlannedRun[];
  readonly stages: readonly Stage[];
  readonly tasks: readonly Task[];
  /** The outcomes so far. New ones are added. */
  readonly pairs: Map<Task, ProvedPair>;
  /** The record of each scenario without mutants. */
  readonly recorded: ReadonlyMap<string, Recorded>;
  /** Whether the contract has a line. */
  readonly isPromised: (line: string) => boolean;
}

/** Runs all scenarios that are planned. Returns why they were stopped early, if they were. */
async function runPlanned(
  options: ProveOptions,
  { runs, stages, tasks, pairs, recorded, isPromised }: Trying,
): Promise<string | undefined> {
  const unjudged = new Set<() => void>();
  const mutationOf = (planned: PlannedRun): MutatedRun | [] => {
    const { scenario, mutants } = planned;
    const unmutated = recorded.get(scenario);
    const stage = stages.find((each) => each.scenario === scenario);
    if (!unmutated || !stage) return [];
    const { passed, actsAt } = stage;
    const isOpen = (task: Task) => pairs.get(task)?.outcome !== 'caught' && mayCount(task, scenario);
    const open = () => tasks.filter((task) => mutants.includes(task.mutant) && passed.has(task.checker)).filter(isOpen);
    const settleAll = (findings: readonly Finding[], deeds: Deeds, isWhole: boolean): void => {
      const isFailed = ({ checker }: Task) =>
        findings.some((finding) => finding.checker === checker && finding.verdict === 'FAIL');
      const isShown = (task: Task) => deeds.get(task.mutant) === true && (isWhole || isFailed(task));
      const tried = open()
        .filter((task) => planned.tasks.includes(task) || isShown(task))
        .map((task) => {
          const { mutant } = task;
          const isSure = mutants.length === 1 || !actsAt.has(mutant);
          const pair = settle(task, scenario, findings, deeds.get(mutant), isSure, isPromised);
          pairs.set(task, surer(pairs.get(task), pair));
          return pair;
        });
      unjudged.delete(giveUp);
      options.onTried(scenario, tried);
    };
    const giveUp = () => settleAll([], new Map(), true);
    unjudged.add(giveUp);
    return attempt(
      // It may not be able to end early, and mutants that delay answers prolong it. What may take longest starts first.
      { ...planned, seconds: stage.seconds },
      {
        unmutated,
        needed: () => planned.tasks.filter(isOpen),
        open,
        // The findings of a scenario that was interrupted say nothing.
        settle: (...found) => options.signal.aborted || settleAll(...found),
      },
    );
  };
  const mutationsOf = (scenario: string): MutatedRun[] =>
    runs.filter((planned) => planned.scenario === scenario).flatMap(mutationOf);
  const scenarios = [...new Set(runs.map(({ scenario }) => scenario))];
  const { stopped } = await run({ ...options, scenarios, require: [], reporter: SILENT, mutationsOf });
  options.signal.throwIfAborted();
  // A scenario that can't run must not be repeated endlessly.
  for (const giveUp of unjudged) giveUp();
  return stopped;
}

/** Returns a skipped scenario with the source of its script, which names its checkers. */
async function withSource(skipped: Skipped, { breakers }: Pick<Contract, 'breakers'>): Promise<SkippedScript> {
  const { script } = await findScenario(skipped.name, Object.keys(breakers));
  return { ...skipped, source: await readFile(script.path, 'utf8').catch(() => '') };
}

/** Returns the checkers that judged the service in a scenario. Others judge the record itself. */
const checkersIn = ({ findings }: ScenarioResult): string[] => [
  ...new Set(findings.flatMap(({ checker }) => (checker === undefined || OF_THE_RECORD.has(checker) ? [] : checker))),
];

const OF_THE_RECORD = new Set([...RECORD.map(({ name }) => name), 'set-up']);

async function stageOf(
  result: ScenarioResult,
  recorded: Recorded | undefined,
  traffic: Traffic | undefined,
): Promise<Stage> {
  const { scenario, seconds, findings } = result;
  const isPassed = (name: string) => findings.every(({ checker, verdict }) => checker !== name || verdict === 'PASS');
  const passed = new Set(checkersIn(result).filter(isPassed));
  const acts = await traffic?.firstActs(
    WIRE_MUTANTS.filter(({ turnsRed }) => turnsRed.some((checker) => passed.has(checker))),
  );
  const events = recorded?.history.inOrder() ?? [];
  const began = (events.at(-1)?.at ?? 0) - seconds * 1_000;
  const secondsAt = (at: number): number => (at - began) / 1_000;
  return {
    scenario,
    seconds,
    isPrecise: recorded !== undefined && atOnce(recorded.facts) < Number.POSITIVE_INFINITY,
    passed,
    actsAt: new Map([...(acts ?? [])].map(([mutant, at]) => [mutant, secondsAt(at)])),
    ends: recorded
      ? pointsOf(recorded.history)
          .map(secondsAt)
          .filter((at) => at < seconds)
      : [],
  };
}
