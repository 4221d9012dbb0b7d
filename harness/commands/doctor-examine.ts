import { relative } from 'node:path';
import { suggestedAnswers } from '../checkers/answers/suggested.ts';
import { changesIn } from '../fix/changes-in.ts';
import { paint } from '../report/text/terminal.ts';
import { type Change, type Finding, worst } from '../verdict/finding.ts';
import type { RunResult, ScenarioResult } from '../verdict/run-result.ts';
import { describeContract } from './describe-contract.ts';
import type { Diagnosis } from './diagnosis.ts';
import { type DescribedCalls, describeCalls, WATCHED } from './doctor-calls.ts';
import { failedChecks } from './doctor-failed-checks.ts';
import { frozenNote } from './doctor-frozen.ts';
import { tellLogs } from './doctor-logs.ts';
import { addRun, casesOf, type Examination, runTrial, type Trial, tellScenario } from './doctor-trial.ts';
import type { Examining } from './examining.ts';
import { contractFile, type LabFlags } from './lab-options.ts';

const SMOKE = 'stress/smoke';

/** The result of an examination. */
export interface Examined {
  found: Omit<Diagnosis, 'version' | 'written' | 'switchedOff'>;
  results: RunResult[];
  /** The verdict, with what it covers. */
  conclusion: string;
}

/**
 * Examines a contract once: which scenarios can judge the service, and how the service differs from it.
 *
 * @param flags The results are a folder in which no other command looks for runs.
 * @throws The abort reason from `signal` if it is aborted
 */
export async function examine(flags: LabFlags, examining: Examining): Promise<Examined> {
  const { say, signal } = examining;
  const { judged, unmet, notJudged, outages, scenarios, hints, unjudgedBreakers } = await describeContract(
    flags,
    examining,
  );
  const examination: Examination = { findings: [], notes: [...hints], results: [] };
  const look = async (trial: Trial, counts: (finding: Finding) => boolean = () => true) => {
    const ended = (scenario: ScenarioResult) => examination.notes.push(...tellScenario(scenario, examining, counts));
    const result = await runTrial(flags, trial, signal, ended);
    addRun(examination, result, counts);
    return result;
  };
  const smoke = await look({ name: 'doctor', scenarios: [SMOKE] });
  for (const { history, facts } of await casesOf(flags, smoke)) {
    for (const note of suggestedAnswers(history, facts)) {
      say(`note: ${note}`);
      examination.notes.push(note);
    }
  }
  const isServed = examination.results[0]?.verdict === 'PASS';
  let calls: DescribedCalls | undefined;
  if (isServed && scenarios.some(({ scenario, skipped }) => scenario === WATCHED && skipped === undefined)) {
    say(`\nWatching calls whose upstreams fail: ${WATCHED}`);
    // Its other checks judge the service, and not how the contract describes it.
    calls = await describeCalls(
      flags,
      await look({ name: 'doctor-failures', scenarios: [WATCHED] }, isUndescribed),
      examining,
    );
    for (const result of calls.opened) {
      for (const scenario of result.scenarios) examination.notes.push(...tellScenario(scenario, examining, () => true));
      addRun(examination, result, () => true);
    }
    for (const note of calls.notes) say(`note: ${note}`);
    examination.notes.push(...calls.notes);
  }
  const breakers = outages
    .filter(({ upstream }) => !calls?.upstreams.includes(upstream))
    .map(({ scenario }) => scenario);
  if (isServed && breakers.length > 0) {
    say(`\nOpening each breaker: ${breakers.join(', ')}`);
    await look({ name: 'doctor-breakers', scenarios: breakers });
  }
  const frozen = isServed ? await frozenNote(flags, examining) : undefined;
  if (frozen !== undefined) {
    say(`note: ${frozen}`);
    examination.notes.push(frozen);
  }
  const { findings, notes, results } = examination;
  const verdicts = results.map((result) => result.verdict);
  const changes = [
    ...(calls?.changes ?? []),
    ...changesIn(results).filter((change) => !isAbout(change, calls?.upstreams ?? [])),
  ];
  const verdict = worst([...verdicts, ...(unmet.length === 0 ? [] : ['INCONCLUSIVE' as const])]);
  const logs: string[] = [];
  for (const result of results.filter((outcome) => outcome.verdict !== 'PASS')) {
    const about = await tellLogs(flags.results, result, say);
    changes.push(...about.changes);
    logs.push(...about.logs);
  }
  failedChecks(findings).forEach(say);
  const missing = unmet.length === 0 ? '' : `Required, but they can't be judged: ${unmet.join(', ')}.`;
  const leftOut =
    unjudgedBreakers.length === 0
      ? ''
      : `No scenario can judge ${unjudgedBreakers.length === 1 ? 'the breaker' : 'the breakers'} ${unjudgedBreakers.join(', ')}.`;
  const sentences = [`${ADVICE[worst(verdicts)]}.`, judged, missing, leftOut, notJudged];
  return {
    found: { contract: relative('', contractFile(flags)), verdict, scenarios, unmet, findings, notes, changes, logs },
    results,
    conclusion: `${paint(verdict)}: ${sentences.filter(Boolean).join(' ')}`,
  };
}

/** Whether a change concerns the retries of calls to these upstreams. */
const isAbout = ({ path: [part, name = '', field, of] }: Change, upstreams: readonly string[]): boolean =>
  part === 'upstreams' && field === 'calls' && of !== 'timedOut' && upstreams.includes(name);

const ADVICE = {
  PASS: 'the contract describes the service, which can be tested',
  FAIL: 'the service does not match the contract; the failed checks above say what to change',
  INCONCLUSIVE: 'it is unknown whether the service matches the contract',
};

/** A finding that the contract does not describe what the service did. */
const isUndescribed = ({ changes }: Finding): boolean => changes !== undefined;
