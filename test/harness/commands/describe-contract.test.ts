import { expect, test } from 'vitest';
import { describeContract } from '../../../harness/commands/describe-contract.ts';
import reference from '../../../service/proofload.config.ts';
import { contractFile } from '../../support/command-line.ts';
import { IN_A_TEST } from '../../support/in-a-test.ts';

/** Describes the reference contract with these seconds until its breakers recover. Returns what was printed, too. */
async function described(llm: number, memory: number) {
  const { fast, ...others } = reference.profiles;
  const breakers = {
    llm: { ...fast.breakers.llm, recoverySeconds: llm },
    memory: { ...fast.breakers.memory, recoverySeconds: memory },
  };
  const contract = await contractFile({ ...reference, profiles: { ...others, fast: { ...fast, breakers } } });
  const printed: string[] = [];
  const say = (line = '') => void printed.push(line);
  const result = await describeContract(
    { ...IN_A_TEST, results: 'results', contract },
    { say, signal: new AbortController().signal },
  );
  return { ...result, text: printed.join('\n') };
}

test('the outages of breakers that recover within 10 seconds can be tried', async () => {
  const { outages, text } = await described(10, 10.1);
  expect(outages).toEqual([{ scenario: 'chaos/llm-outage', upstream: 'groq' }]);
  expect(text).toContain('  ✓  chaos/memory-outage');
  expect(text).toContain('breakers.memory.recoverySeconds: 10.1');
});
