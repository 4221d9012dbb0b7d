import { expect, test } from 'vitest';
import { answeredBy, answers } from '../../../../harness/contract/schema/answers.ts';

test('each part is optional, and a cache is one of each caller', () => {
  expect(answers.parse({ from: 'llm' })).toEqual({ from: 'llm' });
  expect(answers.parse({ cache: { seconds: 60 } })).toEqual({ cache: { perCaller: true, seconds: 60 } });
  const all = { from: ['llm', 'backup'], as: 'field', cache: { perCaller: false, seconds: 0.5 } };
  expect(answers.parse(all)).toEqual(all);
});

test.each([
  [{}, 'must have from, as, lineEnds or cache'],
  [{ from: [] }, 'Too small: expected array to have >=1 items'],
  [{ from: 1 }, 'must be the name of an upstream, or a list of names'],
  [{ as: 'all' }, 'Invalid option: expected one of "whole"|"field"|"part"|"digest"|"none"'],
  [{ cache: {} }, 'Invalid input: expected number, received undefined'],
  [{ cache: { seconds: 0 } }, 'Too small: expected number to be >0'],
  [{ cache: { seconds: 86_401 } }, 'Too big: expected number to be <=86400'],
  [{ cache: { seconds: 1, shared: true } }, 'Unrecognized key: "shared"'],
])('rejects %j, and says what is allowed', (promise, message) => {
  expect(answers.safeParse(promise).error?.issues).toMatchObject([{ message }]);
});

test('answers are from the upstreams that are named, or from those that the endpoint may call', () => {
  const reaches = ['cache', 'llm'];
  expect(answeredBy({ reaches })).toEqual(reaches);
  expect(answeredBy({ reaches, fallback: ['llm', 'backup'], answers: { as: 'whole' } })).toEqual([
    'cache',
    'llm',
    'backup',
  ]);
  expect(answeredBy({ reaches, answers: { from: 'backup' } })).toEqual(['backup']);
});
