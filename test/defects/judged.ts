import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../harness/run/run.ts';
import type { Finding } from '../../harness/verdict/finding.ts';
import type { RunResult } from '../../harness/verdict/run-result.ts';
import { IN_A_TEST } from '../support/in-a-test.ts';

/** The verdict of a run, and its findings by check. */
export interface Judged {
  readonly verdict: RunResult['verdict'];
  readonly findings: ReadonlyMap<string, Finding>;
}

/** Runs a scenario for the service of a contract, in a separate lab and with the profile "fast". */
export async function judged(contract: string, scenario: string): Promise<Judged> {
  const results = await mkdtemp(join(tmpdir(), 'proofload-judged-'));
  const { verdict, scenarios } = await run({
    ...IN_A_TEST,
    name: 'judged',
    scenarios: [scenario],
    contract,
    command: undefined,
    results,
    signal: new AbortController().signal,
  }).finally(() => rm(results, { recursive: true, force: true }));
  const findings = scenarios.flatMap((scenario) => scenario.findings);
  return { verdict, findings: new Map(findings.map((finding): [string, Finding] => [finding.check, finding])) };
}
