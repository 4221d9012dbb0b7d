import { expect, test } from 'vitest';
import { contractSchema } from '../../../harness/contract/contract.ts';
import { unchangedNumbers } from '../../../harness/contract/unchanged-numbers.ts';
import reference from '../../../service/proofload.config.ts';

const { fast, production, changed } = reference.profiles;

const problemsWith = (profiles: object) =>
  unchangedNumbers(contractSchema.parse({ ...reference, profiles })).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

test('accepts other numbers, and contracts without such a profile', () => {
  expect(problemsWith({ fast, production, changed })).toEqual([]);
  expect(problemsWith({ fast, production })).toEqual([]);
});

test('rejects a threshold or a limit that is the same in another profile', () => {
  const breakers = { ...changed.breakers, llm: { threshold: 5, recoverySeconds: 4 } };
  const limits = { ...changed.limits, health: { max: 60, windowSeconds: 4 } };
  const why = 'so it would not show whether the service reads its setting';
  expect(problemsWith({ fast, changed: { ...changed, breakers, limits } })).toEqual([
    `profiles.changed.limits.health.max: is 60, as in profiles.fast, ${why}`,
    `profiles.changed.breakers.llm.threshold: is 5, as in profiles.fast, ${why}`,
  ]);
});

test('numbers of other endpoints and breakers may be the same', () => {
  expect(problemsWith({ fast, changed: { ...changed, limits: { health: { max: 20, windowSeconds: 2 } } } })).toEqual(
    [],
  );
});

test('a breaker that opens at a rate has no threshold to compare', () => {
  const llm = { opens: { rate: 0.5, window: { calls: 10 }, minimum: 4, boundary: 'at' }, recoverySeconds: 2 };
  expect(problemsWith({ fast: { breakers: { llm } }, changed: { breakers: { llm } } })).toEqual([]);
});
