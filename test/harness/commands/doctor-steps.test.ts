import { expect, test } from 'vitest';
import { stepsFor, WATCHED } from '../../../harness/commands/doctor-steps.ts';
import type { ContractFile } from '../../../harness/contract/contract.ts';
import reference from '../../../service/proofload.config.ts';
import { contractFile } from '../../support/command-line.ts';
import { IN_A_TEST } from '../../support/in-a-test.ts';

/** Returns the steps for the reference contract, whose breakers open by a rate in windows of 10 s. */
async function stepsWith(llmSeconds: number, memorySeconds: number, thorough = false) {
  const { frozen: _, profiles, ...others } = reference;
  const opens = { rate: 0.5, window: { seconds: 10 }, minimum: 5, boundary: 'at' as const };
  const breaker = (recoverySeconds: number) => ({ opens, recoverySeconds, callTimeoutSeconds: 2 });
  const breakers = { llm: breaker(llmSeconds), memory: breaker(memorySeconds) };
  const file = { ...others, profiles: { ...profiles, fast: { ...profiles.fast, breakers } } } as ContractFile;
  return stepsFor({ ...IN_A_TEST, results: 'results', contract: await contractFile(file), thorough });
}
const names = (steps: readonly { readonly scenario: string }[]) => steps.map(({ scenario }) => scenario);

test('without --thorough, a breaker of 2 s with a window of 10 s is opened, and one of 60 s is named with its seconds', async () => {
  const { taken, left } = await stepsWith(2, 60);
  expect(names(taken)).toEqual([WATCHED, 'chaos/llm-outage', 'chaos/freeze']);
  for (const { seconds } of taken) expect(seconds).toBeLessThanOrEqual(13);
  expect(left).toEqual([
    { scenario: 'chaos/memory-outage', upstream: 'mem0', seconds: expect.toSatisfy((seconds) => seconds > 180) },
  ]);
});

test('with --thorough, all steps are taken, and nothing is left', async () => {
  const { taken, left, allSeconds } = await stepsWith(2, 60, true);
  expect(names(taken)).toEqual([WATCHED, 'chaos/llm-outage', 'chaos/memory-outage', 'chaos/freeze']);
  expect(left).toEqual([]);
  expect(allSeconds).toBeGreaterThan(180);
});

test('a promised quota of an upstream is looked at with --thorough, and named without', async () => {
  const { groq } = reference.upstreams;
  const upstreams = { ...reference.upstreams, groq: { ...groq, quota: { requests: 9, per: 2 } } };
  const contract = await contractFile({ ...reference, upstreams } as ContractFile);
  const stepsIn = (thorough: boolean) => stepsFor({ ...IN_A_TEST, results: 'results', contract, thorough });
  expect(names((await stepsIn(false)).left)).toContain('chaos/quota');
  expect(names((await stepsIn(true)).taken)).toContain('chaos/quota');
});
