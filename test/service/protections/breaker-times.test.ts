import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { BreakerTimes } from '../../../service/protections/breaker-times.ts';

test('counts the time in each state, including the current one', async () => {
  const clock = { at: 1_000_000, now: () => clock.at };
  const registry = new Registry();
  const times = new BreakerTimes(registry, clock);
  const shown = async () => (await registry.metrics()).split('\n').filter((line) => line.startsWith('circuit'));
  times.enter('llm', 'closed');
  clock.at += 10_000;
  times.enter('llm', 'open');
  clock.at += 2500;
  const expected = [
    'circuit_breaker_state_seconds_total{breaker="llm",state="closed"} 10',
    'circuit_breaker_state_seconds_total{breaker="llm",state="open"} 2.5',
  ];
  expect(await shown()).toEqual(expected);
});
