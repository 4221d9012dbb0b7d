import { expect, test } from 'vitest';
import { breakersOfCancelled, cancelledCalls, leaversIn } from '../../../../harness/checkers/lib/abandoned.ts';
import { History } from '../../../../harness/history/history.ts';
import assistant from '../../../defects/upstreams/assistant.ts';
import { begun, request } from '../../../support/history.ts';
import { factsOf, leaver } from '../upstream/leavers.ts';

const { ask, chat, health } = assistant.endpoints;
const { llm } = assistant.breakers;

test('only a caller who left before the answer was complete is a leaver', () => {
  const about = { phase: '1', about: 'leaver', endpoint: 'ask' };
  const events = [
    begun(1, { action: 'left', endpoint: 'ask', upstream: 'llm' }, -1, 0),
    leaver(0, 1_000, '1'),
    request(0, 5, 503, about),
    request(0, 5, 0, about),
    request(0, 1_000, 200, { ...about, error_code: '1050' }),
    request(0, 1_000, 0, { ...about, about: 'other', error_code: '1050' }),
  ];
  const history = new History(events);
  expect(leaversIn(history, history.phases('left'))).toEqual([leaver(0, 1_000, '1')]);
});

test('calls to TCP servers and the database can not be cancelled', () => {
  const cache = { tcp: '127.0.0.1:6379', calls: 'redis' as const };
  const given = factsOf({
    upstreams: { ...assistant.upstreams, cache },
    endpoints: { ask: { ...ask, reaches: ['cache', 'llm', 'database'] }, chat, health },
  });
  expect(cancelledCalls(given).map(({ endpoint, upstream }) => `${endpoint} at ${upstream}`)).toEqual([
    'ask at llm',
    'chat at llm',
  ]);
});

test('a breaker is in front of cancelled calls if its endpoint cancels calls to its upstream', () => {
  const { cancels: _, ...plain } = ask;
  const numbers = assistant.profiles.fast.breakers.llm;
  const given = factsOf({
    upstreams: { ...assistant.upstreams, backup: { kind: 'openai' } },
    endpoints: { ...assistant.endpoints, plain },
    breakers: {
      ofPlain: { ...llm, endpoint: 'plain' },
      ofBackup: { ...llm, upstream: 'backup' },
      withoutNumbers: llm,
      llm,
    },
    profiles: { fast: { breakers: { ofPlain: numbers, ofBackup: numbers, llm: numbers } } },
  });
  expect(breakersOfCancelled(given).map(({ name }) => name)).toEqual(['llm']);
});
