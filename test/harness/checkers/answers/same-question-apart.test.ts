import { expect, test } from 'vitest';
import { sameQuestionApart } from '../../../../harness/checkers/answers/same-question-apart.ts';
import { begun, metric, request } from '../../../support/history.ts';
import { answered, factsWith, got, judged } from './answers.ts';

const PHASE = begun(1, { action: 'same question', endpoint: 'ask' }, 0, 0);

/** Calls that begin some milliseconds apart: the words that each caller got. */
const alike = (shown: readonly string[], facts = factsWith(), apartMs = 1) =>
  judged(
    sameQuestionApart,
    [
      PHASE,
      ...shown.flatMap((marks, index) => [
        answered(index + 1, index * apartMs),
        got(index * apartMs, marks, { tags: { phase: '1', caller: String(index + 1) } }),
      ]),
    ],
    facts,
  );

test('callers with answers of their own pass', () => {
  expect(alike(['1:0-9', '2:0-9'])).toMatchObject([
    {
      check: 'same question, own answers: ask',
      observed: '2 answers to 2 callers, none of them to two',
      verdict: 'PASS',
    },
  ]);
});

test('an answer that reaches two callers fails', () => {
  expect(alike(['1:0-9', '1:0-9', '2:0-9', '2:0-9'])).toMatchObject([
    {
      observed: 'the answer of receipt 1 reached the callers 1 and 2',
      evidence: ['the answer of receipt 2 reached the callers 3 and 4'],
      verdict: 'FAIL',
    },
  ]);
});

test('calls one after another prove nothing, because only calls at once are merged', () => {
  expect(alike(['1:0-9', '2:0-9'], factsWith(), 30)).toMatchObject([
    {
      observed: '2 answers to 2 callers, none of them to two, but no two calls were in progress at once',
      verdict: 'INCONCLUSIVE',
    },
  ]);
});

test('if callers differ only in their addresses, the second one must reach an upstream', () => {
  const findingOf = (status: number, first: number, ...arrivals: number[]) =>
    judged(sameQuestionApart, [
      PHASE,
      ...arrivals.map((after, index) => answered(index + 1, after)),
      request(10, 20, first, { phase: '1', endpoint: 'ask', about: 'first' }),
      metric('calls_from_the_lab', 90, status, { phase: '1', endpoint: 'ask' }),
    ])[0];
  expect(findingOf(200, 200, 15, 70)).toMatchObject({
    observed: '1 request reached an upstream after the first caller had its answer',
    verdict: 'PASS',
  });
  expect(findingOf(200, 200, 15)).toMatchObject({
    observed: '0 requests reached an upstream after the first caller had its answer',
    verdict: 'FAIL',
  });
  expect(findingOf(200, 200)?.verdict).toBe('INCONCLUSIVE');
  expect(findingOf(503, 200, 15)).toMatchObject({
    observed: 'the callers got 200 and 503; 1 request reached an upstream',
    verdict: 'INCONCLUSIVE',
  });
});

test('a caller alone proves nothing, and words must be seen only if they are promised', () => {
  expect(alike(['1:0-9', ''])[0]?.verdict).toBe('INCONCLUSIVE');
  expect(alike(['', ''])).toEqual([]);
  expect(alike(['', ''], factsWith({ answers: { as: 'whole' } }))).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
});

test.each([
  ['a cache for all callers', { cache: { perCaller: false, seconds: 1 } }],
  ['a digest', { as: 'digest' as const }],
])('%s may give them the same answer', (_, answers) => {
  expect(alike(['1:0-9', '1:0-9'], factsWith({ answers }))).toEqual([]);
});
