import { expect, test } from 'vitest';
import { fallbackTold } from '../../../../harness/checkers/fallback/fallback-told.ts';
import { History } from '../../../../harness/history/history.ts';
import { metric } from '../../../support/history.ts';
import { factsOf, fallbackFrom, NO_FALLBACK, phased } from './routed.ts';

const FAILS = fallbackFrom('503');
const AFTER = { when: 'after', of: 1 } as const;

/** Judges what the answers of `backup` and then those of `llm` say. */
function judged(ofBackup: string, ofFirst: string, facts = factsOf()) {
  const events = [
    ...phased({
      data: FAILS,
      from: 0,
      arrivals: [
        ['llm', 12, true],
        ['backup', 18],
      ],
    }),
    metric('answers_told', 30, 1, { phase: '1', about: 'failing', told: ofBackup }),
    ...phased({ id: 2, data: AFTER, from: 100, seq: 2, about: 'again', arrivals: [['llm', 12]] }),
    metric('answers_told', 130, 1, { phase: '2', about: 'again', told: ofFirst }),
    ...phased({ id: 3, data: NO_FALLBACK, from: 200, seq: 3, statuses: [422], arrivals: [['llm', 12, true]] }),
    metric('answers_told', 230, 1, { phase: '3', about: 'failing', told: '' }),
  ];
  return fallbackTold.judge(new History(events), facts)[0];
}

test('answers that name the upstream that made them pass', () => {
  expect(judged('luna', 'oss')).toMatchObject({
    check: 'says who answered: chat',
    requests: [{ phase: '1' }, { phase: '2' }],
    observed: 'llm: oss; backup: luna',
    verdict: 'PASS',
  });
});

test('answers that name the same for both fail', () => {
  expect(judged('oss', 'oss')?.verdict).toBe('FAIL');
});

test('answers that name none fail', () => {
  expect(judged('luna', '')).toMatchObject({ observed: 'llm: nothing; backup: luna', verdict: 'FAIL' });
  expect(judged('', '')?.verdict).toBe('FAIL');
});

test('answers of a single upstream prove nothing', () => {
  const events = [
    ...phased({ data: FAILS, from: 0, statuses: [502], arrivals: [['llm', 12, true]] }),
    metric('answers_told', 30, 1, { phase: '1', about: 'failing', told: '' }),
    ...phased({ id: 2, data: AFTER, from: 100, seq: 1, about: 'again', arrivals: [['llm', 12]] }),
    metric('answers_told', 130, 1, { phase: '2', about: 'again', told: 'oss' }),
  ];
  expect(fallbackTold.judge(new History(events), factsOf())[0]).toMatchObject({
    observed: 'llm: oss',
    requests: [{ phase: '2' }],
    verdict: 'INCONCLUSIVE',
  });
});

test('an answer does not count if a later upstream was called as well', () => {
  const both = phased({
    id: 2,
    data: AFTER,
    from: 100,
    seq: 2,
    about: 'again',
    arrivals: [
      ['llm', 12],
      ['backup', 18],
    ],
  });
  const failing = phased({
    data: FAILS,
    from: 0,
    arrivals: [
      ['llm', 12, true],
      ['backup', 18],
    ],
  });
  const events = [
    ...failing,
    metric('answers_told', 30, 1, { phase: '1', about: 'failing', told: 'luna' }),
    ...both,
    metric('answers_told', 130, 1, { phase: '2', about: 'again', told: 'luna' }),
  ];
  expect(fallbackTold.judge(new History(events), factsOf())[0]).toMatchObject({
    observed: 'backup: luna',
    verdict: 'INCONCLUSIVE',
  });
});

test('answers of another endpoint do not count', () => {
  const { contract, ...rest } = factsOf();
  const { chat } = contract.endpoints;
  const facts = { ...rest, contract: { ...contract, endpoints: { chat, other: chat } } } as ReturnType<typeof factsOf>;
  expect(judged('luna', 'oss', facts)?.verdict).toBe('PASS');
  const others = [
    ...phased({
      data: fallbackFrom('503', ['llm'], 'other'),
      from: 0,
      arrivals: [
        ['llm', 12, true],
        ['backup', 18],
      ],
    }),
    metric('answers_told', 30, 1, { phase: '1', about: 'failing', told: 'luna' }),
  ];
  expect(fallbackTold.judge(new History(others), facts).map(({ observed }) => observed)).toEqual([
    'no answer',
    'backup: luna',
  ]);
});
