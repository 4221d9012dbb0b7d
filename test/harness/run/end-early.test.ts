import { expect, test } from 'vitest';
import type { ActionPhase } from '../../../harness/contract/phases.ts';
import { History } from '../../../harness/history/history.ts';
import { endEarly } from '../../../harness/run/end-early.ts';
import { begun, facts, receipt, T0 } from '../../support/history.ts';
import { temporaryFile } from '../../support/temporary-folder.ts';

const SAMPLE = {
  type: 'Point',
  metric: 'http_req_duration',
  data: { time: '2026-11-24T16:00:00Z', value: 5, tags: { status: '200', name: 'x' } },
};

/** Watches a script that has entered two phases, and returns what is seen of it. */
async function watching(
  isEnough: (action: string) => boolean,
  isRestarting = () => false,
  quietSince: () => number | undefined = () => undefined,
) {
  const samples = await temporaryFile('samples.json', `${JSON.stringify(SAMPLE)}\n`);
  const history = new History([begun(1, { action: 'opening' }, 0, 0)]);
  const seen: string[][] = [];
  const ended = Promise.withResolvers<void>();
  const watched = endEarly({
    history,
    facts: facts(),
    samples,
    isRestarting,
    quietSince,
    end: ended.resolve,
    receipts: async () => [receipt(1, 0, 5, 'groq')],
    async isEnough({ phase, pausedAt }, read) {
      const { action } = (phase?.does ?? {}) as ActionPhase;
      const types = async () => (await read()).history.inOrder().map(({ type }) => type);
      await expect.poll(types).toContain('request');
      seen.push([action, ...(pausedAt === undefined ? await types() : ['paused'])]);
      if (action === 'opening' && pausedAt === undefined) history.add(begun(2, { action: 'open' }, 0, 0));
      return isEnough(action);
    },
  });
  return { watched, seen, ended: ended.promise };
}

test('a script ends as soon as it has shown enough, by its samples and receipts so far', async () => {
  const { watched, seen, ended } = await watching((action) => action === 'open');
  await ended;
  await watched[Symbol.asyncDispose]();
  expect(seen).toEqual([
    ['opening', 'phase', 'receipt', 'request'],
    ['open', 'phase', 'phase', 'receipt', 'request'],
  ]);
});

test('each phase is looked at once, and a failure ends nothing', async () => {
  const { watched, seen, ended } = await watching((action) => {
    if (action === 'open') throw new Error('it can not be judged');
    return false;
  });
  while (seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  await watched[Symbol.asyncDispose]();
  expect(await Promise.race([ended, 'not ended'])).toBe('not ended');
  expect(seen).toHaveLength(2);
});

test('a script does not end while the service restarts', async () => {
  const restarting = [true, true, true];
  const { watched, seen, ended } = await watching(
    () => true,
    () => restarting.pop() ?? false,
  );
  await ended;
  await watched[Symbol.asyncDispose]();
  expect([restarting, seen.length]).toEqual([[], 1]);
});

test('a script is also looked at when it pauses in a phase, once in each pause', async () => {
  const pauses = [2, 2, 2, -1, 3];
  const { watched, seen } = await watching(
    () => false,
    () => false,
    () => {
      const after = pauses.shift();
      // Nothing new happens if the last request ended before the phase.
      return after === undefined ? undefined : T0 + after;
    },
  );
  await expect.poll(() => pauses).toEqual([]);
  await watched[Symbol.asyncDispose]();
  expect(seen.slice(2)).toEqual([
    ['open', 'paused'],
    ['open', 'paused'],
  ]);
});

test('a script that goes from phase to phase without a pause is looked at meanwhile', async () => {
  const history = new History([]);
  const points: (number | undefined)[] = [];
  await using _ = endEarly({
    history,
    facts: facts(),
    samples: await temporaryFile('samples.json', ''),
    receipts: async () => [],
    isRestarting: () => false,
    quietSince: () => undefined,
    isEnough: async ({ phase }) => points.push(phase?.nth) < 0,
    end() {},
  });
  let begins = 0;
  const going = setInterval(() => {
    begins += 1;
    history.add(begun(begins, { action: 'open' }, Date.now() - T0, 0));
  }, 20);
  await expect.poll(() => points.length).toBeGreaterThan(2);
  clearInterval(going);
  expect(points).toEqual([...new Set(points)].sort((a = 0, b = 0) => a - b));
});
