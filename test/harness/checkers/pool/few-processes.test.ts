import { expect, test } from 'vitest';
import type { Checker, Facts } from '../../../../harness/checkers/lib/checker.ts';
import { poolCeiling } from '../../../../harness/checkers/pool/pool-ceiling.ts';
import { poolFreeDuringUpstreamCalls } from '../../../../harness/checkers/pool/pool-free-during-upstream-calls.ts';
import { poolLeaksNothing } from '../../../../harness/checkers/pool/pool-leaks-nothing.ts';
import { poolRefusesTheRest } from '../../../../harness/checkers/pool/pool-refuses-the-rest.ts';
import { poolSaysWhen } from '../../../../harness/checkers/pool/pool-says-when.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, connections, facts, request, requests } from '../../../support/history.ts';

/** The pool in the profile "fast" has 5 connections. */
const on = (callsAtOnce?: number): Facts => ({ ...facts(), ...(callsAtOnce !== undefined && { callsAtOnce }) });
const judge = (checker: Checker, events: readonly HistoryEvent[], callsAtOnce?: number) =>
  checker.judge(new History(events), on(callsAtOnce));

/** A service of 5 processes, each with a pool of one connection. */
function inProcesses(callsAtOnce?: number): Facts {
  const { numbers, ...others } = on(callsAtOnce);
  return { ...others, numbers: { ...numbers, pool: { ...numbers.pool, processes: 5 } as typeof numbers.pool } };
}

/** Calls wait for an upstream, and reads take a time in milliseconds. */
const whileSlow = (readMs: number): HistoryEvent[] => [
  begun(1, { action: 'slow upstream', upstream: 'groq', endpoint: 'conversation-end' }, 0, 0),
  ...requests(15, 0, 1_000, 201, { phase: '1', about: 'upstream' }),
  ...[1, 2, 3].map(() => request(250, readMs, 200, { phase: '1', about: 'read' })),
];

test('reads that wait prove a held connection, if a process or thread was free for them', () => {
  const [held] = judge(poolFreeDuringUpstreamCalls, whileSlow(900), 6);
  expect(held).toMatchObject({ verdict: 'FAIL' });
  expect(judge(poolFreeDuringUpstreamCalls, whileSlow(900))).toMatchObject([{ verdict: 'FAIL' }]);
  expect(judge(poolFreeDuringUpstreamCalls, whileSlow(900), 5)).toMatchObject([
    {
      verdict: 'INCONCLUSIVE',
      lasting: true,
      usually: expect.stringMatching(/^The service works on 5 calls at once, and this needs 6: .*start\.command/),
    },
  ]);
  expect(judge(poolFreeDuringUpstreamCalls, whileSlow(5), 5)).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
});

const looks = (total: number, waitingForLock: number): HistoryEvent[] =>
  Array.from({ length: 12 }, (_, index) => ({ ...connections(index * 20, total), waitingForLock }));
const lockedAgain = (calls: number, waiting: number): HistoryEvent[] => [
  begun(1, { action: 'locked again', round: 1 }, 0, 0),
  ...requests(calls, 0, 400, 200, { phase: '1' }),
  ...looks(5, waiting),
  begun(2, { action: 'end' }, 500, 0),
];

test('a pool of which no more connections can be used has not leaked them', () => {
  expect(judge(poolLeaksNothing, lockedAgain(2, 2), 2)).toMatchObject([
    { verdict: 'INCONCLUSIVE', usually: expect.stringContaining('works on 2 calls at once, and this needs 5') },
  ]);
});

test('a pool that gives out fewer connections than calls can use has leaked some', () => {
  expect(judge(poolLeaksNothing, lockedAgain(3, 2), 3)).toMatchObject([
    { verdict: 'FAIL', usually: expect.stringContaining('The pool leaks') },
  ]);
  expect(judge(poolLeaksNothing, lockedAgain(5, 4), 5)).toMatchObject([{ verdict: 'FAIL' }]);
  expect(judge(poolLeaksNothing, lockedAgain(5, 5), 5)).toMatchObject([{ verdict: 'PASS' }]);
});

const locked = (total: number): HistoryEvent[] => [
  begun(1, { action: 'locked' }, 0, 0),
  ...looks(total, total),
  begun(2, { action: 'recovered' }, 500, 0),
];

test('the maximum of a pool shows only if enough calls can use it', () => {
  expect(judge(poolCeiling, locked(3), 3)[0]).toMatchObject({ verdict: 'INCONCLUSIVE' });
  expect(judge(poolCeiling, locked(3), 4)[0]).toMatchObject({ verdict: 'FAIL' });
  expect(judge(poolCeiling, locked(5), 3)[0]).toMatchObject({ verdict: 'PASS' });
  expect(judge(poolCeiling, locked(6), 3)[1]).toMatchObject({ verdict: 'FAIL' });
});

test('nobody is refused by a full pool that the service cannot fill', () => {
  const calls = [begun(1, { action: 'locked' }, 0, 0), ...requests(4, 0, 500, 200, { phase: '1' })];
  const found = judge(poolRefusesTheRest, calls, 4);
  expect(found).toHaveLength(3);
  for (const finding of found) expect(finding).toMatchObject({ verdict: 'INCONCLUSIVE', lasting: true });
});

test('the reason is also why no refusal says when to try again', () => {
  const [finding] = judge(poolSaysWhen, [], 5);
  expect(finding).toMatchObject({
    verdict: 'INCONCLUSIVE',
    lasting: true,
    usually: expect.stringMatching(/^The service works on 5 calls at once.* leave `pool` out\.$/),
  });
  expect(judge(poolSaysWhen, [])[0]).not.toHaveProperty('lasting');
});

test('the pools of several processes are full if as many calls hold connections as can be worked on', () => {
  const verdict = (calls: number, waiting: number, callsAtOnce?: number) =>
    poolLeaksNothing.judge(new History(lockedAgain(calls, waiting)), inProcesses(callsAtOnce))[0]?.verdict;
  expect(verdict(5, 5)).toBe('INCONCLUSIVE');
  expect(verdict(5, 5, 5)).toBe('PASS');
  expect(verdict(5, 4, 5)).toBe('FAIL');
});
