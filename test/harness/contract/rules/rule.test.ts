import { expect, test } from 'vitest';
import { contractSchema } from '../../../../harness/contract/contract.ts';
import { missing, type Rule, rule } from '../../../../harness/contract/rules/rule.ts';
import { ASK, problemsWith, VALID } from './problems.ts';

const contract = contractSchema.parse({ ...VALID, endpoints: { ask: ASK, '*': ASK, constructor: ASK } });
const find = (given: Rule, profile?: string) => given(contract, profile);

test('a valid contract has no problem', async () => {
  expect(await problemsWith({})).toEqual([]);
});

test('a rule looks at each value at its path, and knows its name, its entry, the contract and the profile', () => {
  const seen = rule({
    at: 'endpoints.*.reaches.*',
    message: ({ value, key, name, entry, contract: { profiles }, profile }) =>
      JSON.stringify([value, key, name, entry.path, Object.keys(profiles), profile]),
  });
  expect(find(seen, 'fast')).toEqual(
    ['ask', '*', 'constructor'].map((name) => ({
      path: ['endpoints', name, 'reaches', 0],
      message: JSON.stringify(['llm', '0', name, '/ask', ['fast'], 'fast']),
    })),
  );
});

test('a rule is broken only if its condition is true and it has a message', () => {
  const at = 'endpoints.*.method';
  expect(find(rule({ at, when: ({ name }) => name === '*', message: 'wrong' }))).toEqual([
    { path: ['endpoints', '*', 'method'], message: 'wrong' },
  ]);
  expect(find(rule({ at, message: () => undefined }))).toEqual([]);
});

test('a rule may have several messages, also about parts of the place', () => {
  const several = rule({
    at: 'endpoints.*',
    when: ({ name }) => name === 'ask',
    message: () => ['first', { path: ['reaches', 0], message: 'second' }, undefined, ['third']],
  });
  expect(find(several)).toEqual([
    { path: ['endpoints', 'ask'], message: 'first' },
    { path: ['endpoints', 'ask', 'reaches', 0], message: 'second' },
    { path: ['endpoints', 'ask'], message: 'third' },
  ]);
});

test('a rule about several paths, of which the contract has one', () => {
  const message = ({ value }: { value: object | string }) => `not ${value}`;
  expect(find(rule({ at: ['health', 'name'], message }))).toEqual([{ path: ['name'], message: 'not ask service' }]);
});

test('a message about an unknown name lists at most 20 that are known', () => {
  const known = Object.fromEntries(Array.from({ length: 22 }, (_, index) => [`n${index}`, true]));
  expect(missing('n3', known)).toBeUndefined();
  expect(missing('toString', { a: 1 })).toBe('there is no "toString"; allowed: a');
  expect(missing('a', {})).toBe('there is no "a"; allowed: none');
  expect(missing('a', known)).toMatch(/^there is no "a"; allowed: n0, .*, n19, and 2 more$/);
});
