import { expect, test } from 'vitest';
import { describeContract } from '../../../harness/commands/describe-contract.ts';
import type { ContractFile } from '../../../harness/contract/contract.ts';
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
  return describedAs({ ...reference, profiles: { ...others, fast: { ...fast, breakers } } });
}

/** Describes a contract. Returns what was printed, too. */
async function describedAs(file: ContractFile) {
  const contract = await contractFile(file);
  const printed: string[] = [];
  const say = (line = '') => void printed.push(line);
  const result = await describeContract(
    { ...IN_A_TEST, results: 'results', contract },
    { say, signal: new AbortController().signal },
  );
  return { ...result, text: printed.join('\n') };
}

test('shows what can judge the service, and the rest as one line, except what the contract requires', async () => {
  const { text, judged, unmet } = await describedAs({ ...reference, requires: ['chaos/quota'] });
  const [, able = '', all = ''] = /^(\d+) of (\d+) scenarios for its promises can judge it\.$/.exec(judged) ?? [];
  expect(unmet).toEqual(['chaos/quota']);
  expect(text.match(/✓ {2}/g)).toHaveLength(Number(able));
  expect(Number(all)).toBe(Number(able) + unmet.length);
  expect(text.match(/ – /g)).toHaveLength(2);
  expect(text).toMatch(/ – {2}chaos\/quota is required: the contract /);
  expect(text).toMatch(/ – {2}\d+ scenarios need promises that this contract does not make: .* list$/m);
});

test('names breakers that no scenario can judge, and why', async () => {
  const { groq } = reference.upstreams;
  const calls = { attempts: 3 };
  const upstreams = { ...reference.upstreams, groq: { ...groq, calls } };
  const { fast } = reference.profiles;
  const opens = { rate: 0.5, window: { calls: 10 }, minimum: 5, boundary: 'at' as const };
  const llm = { opens, recoverySeconds: 2 };
  const profiles = { ...reference.profiles, fast: { ...fast, breakers: { ...fast.breakers, llm } } };
  const { unjudgedBreakers } = await describedAs({ ...reference, upstreams, profiles });
  expect(unjudgedBreakers).toEqual([
    expect.stringMatching(/^llm \(the contract describes no breaker .*never repeated/),
  ]);
  expect((await described(2, 2)).unjudgedBreakers).toEqual([]);
});
