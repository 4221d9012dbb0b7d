import { relative } from 'node:path';
import { about } from '../base/in-words.ts';
import { suggestedAnswers } from '../checkers/answers/suggested.ts';
import { suggestedBudgets } from '../checkers/budgets/suggested.ts';
import { RECORD } from '../checkers/foundation/index.ts';
import { suggestedTools } from '../checkers/tools/suggested.ts';
import { settingsOf } from '../contract/settings-of.ts';
import { changesIn } from '../fix/changes-in.ts';
import { type Lab, type LabOptions, startLabs } from '../lab/lab.ts';
import { isPostgresUrl } from '../lab/postgres/postgres-choice.ts';
import { loadProject } from '../project/load-project.ts';
import { progressOf } from '../report/reporters/index.ts';
import { paint } from '../report/text/terminal.ts';
import { program } from '../run/again.ts';
import type { Diagnosis } from '../verdict/diagnosis.ts';
import { type Change, worst } from '../verdict/finding.ts';
import type { RunResult, ScenarioResult } from '../verdict/run-result.ts';
import { describeContract } from './describe-contract.ts';
import { type DescribedCalls, describeCalls, repeatedMore } from './doctor-calls.ts';
import { causesAsData, causesIn, causeTexts, linesOf } from './doctor-causes.ts';
import { FREEZE, frozenNote } from './doctor-frozen.ts';
import { tellLogs } from './doctor-logs.ts';
import { inSeconds, type LookFlags, type Step, type Steps, stepsFor, WATCHED } from './doctor-steps.ts';
import { addRun, type Counts, casesOf, type Examination, runTrial, type Trial, tellScenario } from './doctor-trial.ts';
import type { Examining } from './examining.ts';
import { contractFile, runOptions } from './lab-options.ts';

const SMOKE = 'stress/smoke';

/** The result of an examination. */
export interface Examined {
  found: Omit<Diagnosis, 'version' | 'written' | 'switchedOff'>;
  results: RunResult[];
  /** The verdict, with what it covers. */
  conclusion: string;
}

/** An examination in progress. */
interface Looking extends Examining {
  readonly flags: LookFlags;
  readonly steps: Steps;
  readonly labs: readonly Lab[];
  readonly examination: Examination;
}

/**
 * Examines a contract once: which scenarios can judge the service, and how the service differs from it.
 *
 * @param flags The results are a folder in which no other command looks for runs.
 * @throws The abort reason from `signal` if it is aborted
 */
export async function examine(flags: LookFlags, examining: Examining): Promise<Examined> {
  const { say, signal } = examining;
  // The labs start while the scenarios are read.
  const shown = new ShownSteps('starting the lab');
  const prepared: string[] = [];
  const starting = labsFor(flags, {
    signal,
    step: (text) => shown.step(text),
    note: (text) => prepared.push(text),
  });
  const preparing = Promise.all([describeContract(flags, examining), stepsFor(flags)]);
  starting.catch(() => {}); // it is thrown below
  const [{ status }] = await Promise.allSettled([preparing]);
  await using labs = await (status === 'fulfilled' ? shown.during(starting) : starting);
  const [described, steps] = await preparing;
  for (const text of prepared) say(text);
  const { judged, unmet, scenarios, hints, unjudgedBreakers } = described;
  if (flags.thorough) say(`Looking at ${inSeconds(steps.taken)}: ${about(steps.allSeconds)} in all.\n`);
  else if (steps.left.length > 0) say(`Not looked at without --thorough: ${inSeconds(steps.left)}.\n`);
  signal.throwIfAborted();
  const examination: Examination = { findings: [], notes: [...hints], willFail: [], results: [] };
  const looking: Looking = { ...examining, flags, steps, labs, examination };
  const { smoke, watched } = await firstLook(looking);
  addRun(examination, smoke, countsIn);
  const settings = settingsOf(await loadProject(contractFile(flags), runOptions(flags, [])));
  for (const { history, facts } of await casesOf(flags, smoke)) {
    note(looking, suggestedAnswers(history, facts));
    note(looking, suggestedTools(history, facts));
    note(looking, suggestedBudgets(history, facts, settings));
  }
  const isServed = smoke.verdict === 'PASS';
  const calls: Taken = isServed ? await takeSteps(looking, watched) : { upstreams: [], changes: [], left: [] };
  const left = [...steps.left, ...calls.left];
  const { findings, notes, willFail, results } = examination;
  const verdicts = results.map((result) => result.verdict);
  const changes = [...calls.changes, ...changesIn(results).filter((change) => !isAbout(change, calls.upstreams))];
  const logs: string[] = [];
  const file = contractFile(flags);
  const lineOf = await linesOf(file, flags.profile);
  const causes = causesIn(findings);
  if (causes.length > 0)
    say(`\nTo mend, most important first:\n${causeTexts(causes, flags.profile, lineOf).join('\n')}\n`);
  const names = new Set(
    causes.flatMap((cause) => [...cause.findings, ...cause.followers]).map(({ scenario }) => scenario.scenario),
  );
  for (const result of results) {
    const reported = await tellLogs(flags.results, result, { names, say });
    changes.push(...reported.changes);
    logs.push(...reported.logs);
  }
  if (isServed && !flags.thorough && steps.taken.length > 0) say(`\n${BRIEFLY} ${program()} doctor --thorough.`);
  const sentences = [
    judged,
    unmet.length === 0 ? '' : `Required, but they can't be judged: ${unmet.join(', ')}.`,
    unjudgedBreakers.length === 0
      ? ''
      : `No scenario can judge ${unjudgedBreakers.length === 1 ? 'the breaker' : 'the breakers'} ${unjudgedBreakers.join(', ')}.`,
    left.length === 0 ? '' : `Not looked at: ${left.map(({ scenario }) => scenario).join(', ')}.`,
  ];
  const verdict = worst([...verdicts, ...(unmet.length === 0 ? [] : ['INCONCLUSIVE' as const])]);
  // "PASS" beside "`run` will FAIL" would contradict it.
  const isDefective = verdict === 'PASS' && willFail.length > 0;
  const advice = isDefective ? DEFECTIVE : `${paint(verdict)}: ${ADVICE[worst(verdicts)]}.`;
  return {
    found: {
      contract: relative('', file),
      verdict,
      scenarios,
      unmet,
      findings,
      causes: causesAsData(causes, flags.profile, lineOf),
      left: left.map(({ scenario, seconds }) => ({ scenario, seconds })),
      notes,
      willFail: [...new Set(willFail)],
      changes,
      logs,
    },
    results,
    conclusion: [advice, ...sentences].filter(Boolean).join(' '),
  };
}

const BRIEFLY =
  'This was a brief look, at one endpoint of each upstream and at failures that take no time. To look at everything:';

/** Shows the latest step, but only while something is awaited. */
class ShownSteps {
  #latest: string;
  #display: ReturnType<typeof progressOf> | undefined;

  constructor(first: string) {
    this.#latest = first;
  }

  step(text: string): void {
    this.#latest = text;
    this.#display?.step(text);
  }

  async during<Result>(awaited: Promise<Result>): Promise<Result> {
    using display = progressOf();
    this.#display = display;
    display.step(this.#latest);
    return await awaited;
  }
}

/** Starts labs for steps that run at once: one for each breaker, one for all others, and two for the first calls. */
async function labsFor(
  flags: LookFlags,
  progress: Pick<LabOptions, 'signal' | 'step' | 'note'>,
): Promise<Lab[] & AsyncDisposable> {
  const options = runOptions(flags, []);
  const contract = await loadProject(contractFile(flags), options);
  const isShared = contract.start.running !== undefined || isPostgresUrl(flags.postgres);
  const [upstreams, breakers] = [contract.upstreams, contract.breakers].map((entries) => Object.keys(entries).length);
  const most = 1 + Math.max(Math.min(1, upstreams ?? 0), breakers ?? 0);
  return startLabs(isShared ? 1 : Math.min(options.jobs, most), { ...flags, ...progress, contract });
}

/** Runs scenarios, and tells how each of them ended. */
async function look(looking: Looking, name: string, scenarios: readonly string[]): Promise<RunResult> {
  return run(looking, { name, scenarios, ended: (result) => tell(looking, result) });
}

function run({ flags, steps: { changes }, labs, signal }: Looking, trial: Trial): Promise<RunResult> {
  return runTrial(flags, { ...trial, changes, isBrief: flags.thorough !== true, labs }, signal);
}

function tell({ steps, say, examination }: Looking, result: ScenarioResult): void {
  if (result.scenario === FREEZE) return; // it is reported as a note
  const { notes, willFail } = tellScenario(result, { say, width: widthOf(steps) }, countsIn(result.scenario));
  examination.notes.push(...notes);
  examination.willFail.push(...willFail);
}

/**
 * Calls each endpoint. A brief look lets upstreams fail at the same time, because it must know whether calls are repeated
 * before it opens breakers. What it shows counts only if all endpoints work.
 */
async function firstLook(looking: Looking): Promise<{ smoke: RunResult; watched: RunResult | undefined }> {
  const isWatched = !looking.flags.thorough && looking.steps.taken.some(({ scenario }) => scenario === WATCHED);
  const result = await run(looking, { name: 'doctor', scenarios: [SMOKE, ...(isWatched ? [WATCHED] : [])] });
  const only = (name: string): RunResult => {
    const scenarios = result.scenarios.filter(({ scenario }) => scenario === name);
    return { ...result, scenarios, verdict: worst(scenarios.map(({ verdict }) => verdict)) };
  };
  const [smoke, watched] = [only(SMOKE), isWatched ? only(WATCHED) : undefined];
  for (const scenario of smoke.scenarios) tell(looking, scenario);
  if (smoke.verdict === 'PASS') for (const scenario of watched?.scenarios ?? []) tell(looking, scenario);
  return { smoke, watched };
}

const widthOf = ({ taken }: Steps): number =>
  Math.max(...[SMOKE, ...taken.map(({ scenario }) => scenario)].map(({ length }) => length));

function note({ say, examination }: Looking, texts: readonly string[]): void {
  for (const text of texts) {
    say(`note: ${text}`);
    examination.notes.push(text);
  }
}

/** What the steps after the first calls show, and those that were not taken. */
type Taken = Pick<DescribedCalls, 'upstreams' | 'changes'> & { readonly left: readonly Step[] };

/**
 * Takes the steps after the first calls, as many at once as there are labs. Breakers of calls that are repeated can't be
 * judged. A thorough look describes these calls first, and a brief one leaves the breakers out.
 *
 * @param watched The run of `WATCHED`, if there is one already.
 */
async function takeSteps(looking: Looking, watched: RunResult | undefined): Promise<Taken> {
  const { steps, examination } = looking;
  const calls = await callsIn(looking, watched);
  const others = steps.taken.filter(({ scenario }) => scenario !== WATCHED);
  const [left, rest] = [true, false].map((isLeft) =>
    others.filter(({ upstream = '' }) => calls.upstreams.includes(upstream) === isLeft),
  ) as [Step[], Step[]];
  if (rest.length > 0) {
    const names = rest.map(({ scenario }) => scenario);
    const result = await look(looking, 'doctor-steps', names);
    addRun(examination, result, countsIn);
    note(looking, frozenNoteIn(result, steps));
  }
  return { ...calls, left: looking.flags.thorough ? [] : left };
}

/** Returns the upstreams whose calls are repeated more often than the contract says, and how it could describe them. */
async function callsIn(looking: Looking, watched: RunResult | undefined): Promise<Omit<Taken, 'left'>> {
  const { flags, steps, examination } = looking;
  if (watched !== undefined) {
    addRun(examination, watched, countsIn);
    const upstreams = await repeatedMore(flags, watched);
    note(looking, upstreams.map(onlyThorough));
    return { upstreams, changes: [] };
  }
  if (!steps.taken.some(({ scenario }) => scenario === WATCHED)) return { upstreams: [], changes: [] };
  const now = await look(looking, 'doctor-failures', [WATCHED]);
  addRun(examination, now, countsIn);
  const calls = await describeCalls({ ...looking, watched: now });
  for (const opened of calls.opened) {
    for (const scenario of opened.scenarios) tellScenario(scenario, { ...looking, width: widthOf(steps) }, () => true);
    addRun(examination, opened, () => () => true);
  }
  note(looking, calls.notes);
  return calls;
}

const frozenNoteIn = (result: RunResult, { frozenSeconds }: Steps): string[] =>
  frozenSeconds === undefined ? [] : [frozenNote(result, frozenSeconds)].filter((text) => text !== undefined);

const onlyThorough = (upstream: string): string =>
  `calls to ${upstream} are repeated, so its breakers are not opened. --thorough finds out which failures are repeated, ` +
  'so that the contract can describe them';

/**
 * Returns which findings of a scenario count. Those of upstreams that fail must show that the contract does not describe
 * the service, or that the record is incomplete. The others judge the service.
 */
const countsIn = (scenario: string): Counts => {
  if (scenario === FREEZE) return () => false;
  if (scenario !== WATCHED) return () => true;
  return ({ changes, checker, voids }) =>
    changes !== undefined || (voids !== 'times' && RECORD.some(({ name }) => name === checker));
};

/** Whether a change concerns the retries of calls to these upstreams. */
const isAbout = ({ path: [part, name = '', field, of] }: Change, upstreams: readonly string[]): boolean =>
  part === 'upstreams' && field === 'calls' && of !== 'timedOut' && upstreams.includes(name);

const DEFECTIVE = 'The contract describes the service, but `run` will FAIL: see the notes.';

const ADVICE = {
  PASS: 'the contract describes the service, which can be tested',
  FAIL: 'the service does not match the contract; the causes above say what to change',
  INCONCLUSIVE: 'it is unknown whether the service matches the contract',
};
