import { expect, onTestFinished, test, vi } from 'vitest';
import { mutantIn } from '../fake-wire.ts';

test.for([
  ['retry-too-early', 'failing llm 500 in ask', 'failing mem 500 in ask'],
  ['trial-behind-the-fallback-too-early', 'after fallback outage in ask', 'fallback outage in ask'],
] as const)('%s calls the upstream once when a request arrives', async ([name, phase, other]) => {
  const { hooks, called } = mutantIn(name);
  const acted = [other, phase, phase].map((one) => hooks.arrive?.({ endpoint: 'ask', phase: one }));
  expect([await Promise.all(acted), called]).toEqual([[false, true, false], ['llm']]);
});

/** Mutants that do something later: an answer of a phase, and after how long they have let it go, in milliseconds. */
const LATE = [
  ['queue-without-a-timeout', { phase: 'crowd at llm', status: 503 }, 2_000],
  ['stream-kept-open', { phase: 'failing llm drip in ask' }, 7_000],
  ['hung-trial-kept-waiting', { phase: 'hung trial: llm', status: 504 }, 2_025],
  ['hanging-call-kept-waiting', { phase: '', status: 504 }, 820],
  ['hanging-call-kept-waiting', { phase: '', status: 503, tookMs: 100 }, 820],
  ['hung-trial-kept-waiting', { phase: 'hung trial: llm', status: 503, tookMs: 100 }, 2_025],
  ['answer-delayed-past-its-timeout', { phase: 'failing llm 500 in ask', status: 502 }, 16_000],
  ['slower-in-an-outage', { phase: 'hanging', endpoint: 'health', tookMs: 300 }, 300],
  ['slow-refusals', { phase: 'open', status: 503 }, 400],
  ['slow-refusals', { phase: 'outage with breakers', status: 503 }, 1_000],
  ['retry-too-late', { phase: 'failing llm 500 in ask', status: 502 }, 4_000],
  ['late-under-load', { phase: '37.5/s, attempt 2', endpoint: 'list' }, 500],
  ['late-under-load', { phase: 'soak', endpoint: 'list' }, 500],
] as const;

test.for(LATE)('%s delays the right answer', async ([name, told, ms]) => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { see, called } = mutantIn(name);
  const seen: string[] = [];
  void see({ ...told, phase: 'steady' }).then(() => seen.push('other'));
  void see(told).then(() => seen.push('changed'));
  await vi.advanceTimersByTimeAsync(ms - 1);
  expect([seen, called]).toEqual([['other'], []]);
  await vi.advanceTimersByTimeAsync(1);
  expect(seen).toEqual(['other', 'changed']);
  expect(called).toEqual(name === 'retry-too-late' ? ['llm'] : []);
});

test('an upstream gets a retry for a caller who left', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { hooks, called } = mutantIn('retry-for-a-caller-who-left');
  expect(hooks.arrive?.({ endpoint: 'ask', phase: 'left: ask at llm' })).toBe(false);
  const acted = hooks.arrive?.({ endpoint: 'ask', phase: 'left before a retry: ask at llm' });
  await vi.advanceTimersByTimeAsync(1_449);
  expect(called).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect([called, await acted]).toEqual([['llm'], true]);
});

test('an upstream gets another call for each caller in a crowd', async () => {
  const { hooks, called } = mutantIn('calls-beyond-the-concurrency');
  expect(await hooks.arrive?.({ endpoint: 'ask', phase: 'crowd at llm' })).toBe(true);
  expect(hooks.arrive?.({ endpoint: 'ask', phase: 'steady' })).toBe(false);
  expect(called).toEqual(['llm']);
});

test('the database gets one more connection of the service', async () => {
  const { hooks, called } = mutantIn('connection-beside-the-pool');
  const acted = ['steady', 'locked', 'locked'].map((phase) => hooks.arrive?.({ endpoint: 'list', phase }));
  expect([await Promise.all(acted), called]).toEqual([[false, true, false], ['database']]);
});

test('leaving is hidden only in the phases that are about it', () => {
  const { hidesLeaving } = mutantIn('leaving-hidden').hooks;
  const isHidden = (phase: string) => hidesLeaving?.({ endpoint: 'ask', phase });
  expect(['left: ask at llm', 'stays: ask at llm'].map(isHidden)).toEqual([true, false]);
});
