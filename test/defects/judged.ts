import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whyAgain } from '../../harness/run/measure-again.ts';
import { run } from '../../harness/run/run.ts';
import type { Finding } from '../../harness/verdict/finding.ts';
import type { RunResult } from '../../harness/verdict/run-result.ts';
import { IN_A_TEST } from '../support/in-a-test.ts';
import { decided } from '../support/measured-again.ts';
import { notPassed } from '../support/not-passed.ts';

/** The verdict of a run, and its findings by check. */
export interface Judged {
  readonly verdict: RunResult['verdict'];
  readonly findings: ReadonlyMap<string, Finding>;
}

/** Returns a finding of a right service: whatever prevented a verdict, another run may have one. */
const thatMayPass = ({ lasting: _, ...finding }: Finding): Finding => finding;

/**
 * Runs a scenario for the service of a contract, in a separate lab and with the profile "fast". If it is INCONCLUSIVE, it
 * runs once more, alone.
 */
export async function decidedFor(contract: string, scenario: string): Promise<Judged> {
  const { again: _, ...found } = await decided(
    `${scenario} with ${contract}`,
    () => judged(contract, scenario),
    ({ again }) => again,
  );
  return found;
}

/**
 * Runs a scenario for the service of a contract once.
 *
 * @returns Also why it must be measured again, if it must.
 */
export async function judged(contract: string, scenario: string): Promise<Judged & { again: string | undefined }> {
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
  return {
    verdict,
    findings: new Map(findings.map((finding): [string, Finding] => [finding.check, finding])),
    again: scenarios
      .map((result) => result.notRun ?? whyAgain({ ...result, findings: notPassed(result.findings).map(thatMayPass) }))
      .find((why) => why !== undefined),
  };
}
