import { expect, onTestFinished, test, vi } from 'vitest';
import { mutantIn, type Told } from '../fake-wire.ts';

/** Mutants that answer in place of the service: requests, one after another, and the statuses of their answers. */
const INSTEAD: Record<string, [requests: Pick<Told, 'endpoint' | 'phase'>[], statuses: (number | undefined)[]]> = {
  'read-without-the-table': [
    [
      { phase: 'steady', endpoint: 'list' },
      { phase: 'locked', endpoint: 'ask' },
      { phase: 'locked', endpoint: 'list' },
    ],
    [undefined, undefined, 200],
  ],
  'one-caller-at-a-time': [
    [{ phase: 'crowd at llm' }, { phase: 'crowd at llm' }, { phase: 'crowd of streams at llm' }, { phase: 'steady' }],
    [undefined, 503, undefined, undefined],
  ],
  'callers-refused-during-a-trial': [
    [
      { phase: 'half-open', endpoint: 'health' },
      { phase: 'half-open' },
      { phase: 'half-open' },
      { phase: 'crowd in trial of llm' },
      { phase: 'crowd in trial of llm' },
    ],
    [undefined, undefined, 503, undefined, 503],
  ],
  'first-upstream-left-out': [
    [{ phase: 'fallback spares 400 in ask' }, { phase: 'after fallback spares 400 in ask' }],
    [undefined, 200],
  ],
};

test('new requests are served although an ending service does not accept them', () => {
  const { refused } = mutantIn('new-requests-served-while-ending').hooks;
  const statusOf = (endingMs: number, phase = 'terminated by SIGTERM', endpoint = 'ask') =>
    refused?.({ endpoint, phase, endingMs })?.status;
  expect(statusOf(2_000, 'terminated by SIGKILL')).toBe(undefined);
  expect(statusOf(2_000, 'terminated by SIGTERM', 'health')).toBe(undefined);
  expect([1_400, 1_600].map((ms) => statusOf(ms))).toEqual([undefined, 200]);
  const ready = mutantIn('ready-while-ending').hooks;
  expect(ready.refused?.({ endpoint: 'health', phase: 'terminated by SIGTERM', endingMs: 600 })?.status).toBe(200);
});

test.for(Object.entries(INSTEAD))('%s answers the right requests', async ([name, [requests, statuses]]) => {
  const { hooks } = mutantIn(name);
  const answers = requests.map(({ endpoint = 'ask', phase = '' }) => hooks.instead?.({ endpoint, phase }));
  expect((await Promise.all(answers)).map((answer) => answer?.status)).toEqual(statuses);
});

test('callers of a volley come back after the same time, and are served', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { hooks, called } = mutantIn('retries-at-the-same-time');
  const ask = (phase: string) => hooks.instead?.({ endpoint: 'ask', phase });
  expect(ask('served before 1')).toBe(undefined);
  expect(hooks.instead?.({ endpoint: 'health', phase: 'volley 1 at llm in ask' })).toBe(undefined);
  const answers = ['volley 1 at llm in ask', 'volley 1 at llm in ask'].map(ask);
  expect(called).toEqual(['llm', 'llm']);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(called.length).toBe(4);
  expect((await Promise.all(answers)).map((answer) => answer?.status)).toEqual([200, 200]);
});
