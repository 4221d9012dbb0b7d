import { expect, test } from 'vitest';
import reference from '../../../../service/proofload.config.ts';
import { problemsWith } from './problems.ts';

const { fast, production, changed } = reference.profiles;
const WHY = 'so it would not show whether the service reads its setting';
const RATE = { opens: { rate: 0.5, window: { calls: 10 }, minimum: 4, boundary: 'at' }, recoverySeconds: 2 };

test.each<[string, object, string[]]>([
  ['other numbers', { fast, production, changed }, []],
  ['no profile to compare', { fast, production }, []],
  [
    'a threshold and a limit that are the same in another profile',
    {
      fast,
      changed: {
        ...changed,
        breakers: { ...changed.breakers, llm: { threshold: 5, recoverySeconds: 4 } },
        limits: { ...changed.limits, health: { max: 60, windowSeconds: 4 } },
      },
    },
    [
      `profiles.changed.limits.health.max: is 60, as in profiles.fast, ${WHY}`,
      `profiles.changed.breakers.llm.threshold: is 5, as in profiles.fast, ${WHY}`,
    ],
  ],
  [
    'the same number for another endpoint',
    { fast, changed: { ...changed, limits: { health: { max: 20, windowSeconds: 2 } } } },
    [],
  ],
  [
    'a breaker that opens at a rate, and has no threshold',
    { fast: { breakers: { llm: RATE } }, changed: { breakers: { llm: RATE } } },
    [],
  ],
])('with %s', async (_, profiles, problems) => {
  expect(await problemsWith({ ...reference, profiles })).toEqual(problems);
});
