import { relative } from 'node:path';
import { changesIn } from '../fix/changes-in.ts';
import { progressOf } from '../report/reporters/index.ts';
import { SILENT } from '../report/reporters/reporter.ts';
import { findingsTable, paint } from '../report/text/terminal.ts';
import { run } from '../run/run.ts';
import { type Finding, worst } from '../verdict/finding.ts';
import type { RunResult } from '../verdict/run-result.ts';
import { describeContract } from './describe-contract.ts';
import type { Diagnosis } from './diagnosis.ts';
import { failedChecks } from './doctor-failed-checks.ts';
import { tellLogs } from './doctor-logs.ts';
import { otherFailures } from './doctor-other-failures.ts';
import { GRACE_MS } from './end-at-once.ts';
import type { Examining } from './examining.ts';
import { contractFile, type LabFlags, runOptions } from './lab-options.ts';

const SMOKE = 'stress/smoke';
/** The scenario in which upstreams fail in several ways, whatever the contract promises. */
const WATCHED = 'chaos/retry-amplification';

/** What an examination found. */
export interface Examined {
  found: Omit<Diagnosis, 'version' | 'written'>;
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
export async function examine(flags: LabFlags, { say, signal }: Examining): Promise<Examined> {
  const { judged, unmet, notJudged, outages, scenarios, hints } = await describeContract(flags, { say, signal });
  const findings: (Finding & { scenario: string })[] = [];
  const notes = [...hints];
  const results: RunResult[] = [];
  const look = async (name: string, asked: string[], counts?: (finding: Finding) => boolean) => {
    const tried = await tryScenarios(flags, { name, scenarios: asked, say, signal, ...(counts && { counts }) });
    findings.push(...tried.findings);
    notes.push(...tried.notes);
    results.push(tried.result);
  };
  await look('doctor', [SMOKE]);
  const isServed = results[0]?.verdict === 'PASS';
  if (isServed && outages.length > 0) {
    say(`\nOpening each breaker: ${outages.join(', ')}`);
    await look('doctor-breakers', outages);
  }
  if (isServed && scenarios.some(({ scenario, skipped }) => scenario === WATCHED && skipped === undefined)) {
    say(`\nWatching calls whose upstreams fail: ${WATCHED}`);
    // Its other checks judge the service, and not how the contract describes it.
    await look('doctor-failures', [WATCHED], isUndescribed);
  }
  const verdicts = results.map((result) => result.verdict);
  const verdict = worst([...verdicts, ...(unmet.length === 0 ? [] : ['INCONCLUSIVE' as const])]);
  const changes = changesIn(results);
  const logs: string[] = [];
  for (const result of results.filter((one) => one.verdict !== 'PASS')) {
    const told = await tellLogs(flags.results, result, say);
    changes.push(...told.changes);
    logs.push(...told.logs);
  }
  failedChecks(findings).forEach(say);
  const missing = unmet.length === 0 ? '' : `Required, but they can't be judged: ${unmet.join(', ')}.`;
  const sentences = [`${ADVICE[worst(verdicts)]}.`, judged, missing, notJudged];
  return {
    found: { contract: relative('', contractFile(flags)), verdict, scenarios, unmet, findings, notes, changes, logs },
    results,
    conclusion: `${paint(verdict)}: ${sentences.filter(Boolean).join(' ')}`,
  };
}

const ADVICE = {
  PASS: 'the contract describes the service, which can be tested',
  FAIL: 'the service does not match the contract; the failed checks above say what to change',
  INCONCLUSIVE: 'it is unknown whether the service matches the contract',
};

/** A finding that the contract does not describe what the service did. */
const isUndescribed = ({ changes }: Finding): boolean => changes !== undefined;

interface Trial extends Examining {
  name: string;
  scenarios: string[];
  /** Whether a finding counts. Others are left out, also of the verdict. By default, all count. */
  counts?: (finding: Finding) => boolean;
}

/** Runs scenarios, shows their progress, and tells their findings. */
async function tryScenarios(flags: LabFlags, { name, scenarios, say, signal, counts = () => true }: Trial) {
  using display = progressOf();
  signal.addEventListener('abort', () => display[Symbol.dispose](), { once: true });
  const told: string[] = [];
  const note = (text: string) => {
    told.push(text);
    say(`note: ${text}`);
  };
  const result = await run({
    ...runOptions(flags, scenarios),
    name,
    reporter: {
      ...SILENT,
      note: (text) => display.note(text),
      step: (text) => display.step(text),
      runBegins: (plan) => display.plan(plan),
      scenarioBegins: (announced) => display.begin(announced),
      scenarioEnds({ scenario, findings, notes = [] }) {
        display.clear();
        if (signal.aborted) return;
        const counted = findings.filter(counts);
        if (counted.length > 0) say(`${scenario}\n${findingsTable(counted)}`);
        notes.forEach(note);
        const others = otherFailures(findings.filter((finding) => !counts(finding)));
        if (others !== undefined) note(others);
      },
    },
    signal,
    graceMs: GRACE_MS,
  });
  signal.throwIfAborted();
  const findings = result.scenarios.flatMap((one) =>
    one.findings.filter(counts).map((finding) => ({ scenario: one.scenario, ...finding })),
  );
  const isWhole = result.stopped === undefined && result.scenarios.every(({ notRun }) => notRun === undefined);
  if (!isWhole) return { result, findings, notes: told };
  const verdict = worst(findings.length === 0 ? ['PASS'] : findings.map((one) => one.verdict));
  return { result: { ...result, verdict }, findings, notes: told };
}
