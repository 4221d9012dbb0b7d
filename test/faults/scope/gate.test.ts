import { expect, test } from 'vitest';
import { createDice } from '../../../faults/base/dice.ts';
import { Gate } from '../../../faults/scope/gate.ts';
import type { FaultScope } from '../../../faults/scope/scope.ts';

const ROUTE = 'POST /openai/v1/chat/completions';

const decisions = (scope: FaultScope, requests: number, millisecondsBetween = 0) => {
  const gate = new Gate(scope);
  return Array.from({ length: requests }, (_, i) => gate.decide({ route: ROUTE }, i * millisecondsBetween));
};
const disrupted = (all: string[]) => all.filter((outcome) => outcome === 'disrupted').length;

test('any rate is exact after any number of requests', () => {
  const dice = createDice('rates');
  for (let i = 0; i < 200; i++) {
    const rate = Math.floor(dice() * 1001) / 1000;
    const requests = 1 + Math.floor(dice() * 2000);
    expect(Math.abs(disrupted(decisions({ rate }, requests)) - rate * requests)).toBeLessThanOrEqual(0.5 + 1e-6);
  }
});

test('it flaps by number of requests: first on, then off', () => {
  expect(
    decisions({ flapping: { onRequests: 2, offRequests: 1 } }, 6)
      .map((decision) => decision[0])
      .join(''),
  ).toBe('ddpddp');
});

test('it flaps by time', () => {
  const flapping = { onMilliseconds: 20, offMilliseconds: 10 };
  expect(
    decisions({ flapping }, 6, 10)
      .map((decision) => decision[0])
      .join(''),
  ).toBe('ddpddp');
});

test('next only counts disrupted requests, and a rate only counts requests while the fault is on', () => {
  expect(disrupted(decisions({ next: 3, flapping: { onRequests: 1, offRequests: 1 } }, 5))).toBe(3);
  expect(disrupted(decisions({ rate: 0.5, flapping: { onRequests: 10, offRequests: 10 } }, 40))).toBe(10);
});

test.each([
  ['GET /v1/ping/', {}, 'excluded'],
  ['GET /health', {}, 'excluded'],
  ['GET /api/healthz', { rate: 1 }, 'excluded'],
  ['GET /healthy-food', {}, 'disrupted'],
  ['GET /v1/ping/', { route: 'GET /v1/ping/' }, 'disrupted'],
  ['GET /v1/memories/abc/', { route: 'GET /v1/memories/*/' }, 'disrupted'],
  ['GET /v1/memories/abc/history/', { route: 'GET /v1/memories/*/' }, 'excluded'],
])('%s with %j is %s', (route, scope, decision) => {
  expect(new Gate(scope).decide({ route }, 0)).toBe(decision);
});

test.each([
  [{ path: 'model', equals: 'a' }, { model: 'a' }, 'disrupted'],
  [{ path: 'model', equals: 'a' }, { model: 'ab' }, 'excluded'],
  [{ path: 'model', contains: 'b' }, { model: 'ab' }, 'disrupted'],
  [{ path: 'stream', equals: true }, { stream: true }, 'disrupted'],
  [{ path: 'messages.*.content', contains: 'tea' }, { messages: [{ content: 'x' }, { content: 'tea' }] }, 'disrupted'],
  [{ path: 'messages.0.content', contains: 'tea' }, { messages: [{ content: 'x' }, { content: 'tea' }] }, 'excluded'],
  [{ path: 'filters', equals: { user_id: 'u' } }, { filters: { user_id: 'u' } }, 'disrupted'],
  [{ path: 'model', equals: 'a' }, undefined, 'excluded'],
])('a body matched by %j, with %j in its place, is %s', (body, value, decision) => {
  expect(new Gate({ body }).decide({ route: ROUTE, body: () => value }, 0)).toBe(decision);
});
