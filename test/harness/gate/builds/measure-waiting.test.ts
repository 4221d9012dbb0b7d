import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { measureWaiting, type Slowable } from '../../../../harness/gate/builds/measure-waiting.ts';
import { runningBuild } from './running-build.ts';

/** A build with a pool of connections to an upstream, which only the first endpoint reaches. */
async function build(connections: number, more: object = {}): Promise<Slowable & { seen: string[]; faults: string[] }> {
  let delay = 0;
  let free = connections;
  const seen: string[] = [];
  const faults: string[] = [];
  const waiting: (() => void)[] = [];
  const callee = await runningBuild(async (path) => {
    seen.push(path);
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    await sleep(delay);
    const next = waiting.shift();
    if (next) next();
    else free += 1;
    return 200;
  });
  const { one: first, two } = callee.calling.endpoints;
  return {
    ...callee,
    seen,
    faults,
    calling: {
      ...callee.calling,
      endpoints: { one: { ...first, reaches: ['groq'] }, two },
      startedByLab: true,
      upstreams: { groq: {} },
      breakers: { llm: { callTimeoutSeconds: 0.4 } },
      ...more,
    } as unknown as Slowable['calling'],
    database: undefined,
    fakes: {
      kinds: new Map([['groq', new Map([['latency', {}]])]]) as unknown as Slowable['fakes']['kinds'],
      pass: async (method, path, body) => {
        faults.push(`${method} ${path}`);
        delay = method === 'post' ? (body as { milliseconds: number }).milliseconds : 0;
      },
    },
  };
}

const measure = (own: Slowable, other: Slowable) =>
  measureWaiting(
    new Map([
      ['own', own],
      ['other', other],
    ] as const),
    {
      endpoints: ['one', 'two'],
      lanes: 8,
      signal: new AbortController().signal,
    },
  );

test('the time per request is that of calls that share the connections to a slow upstream', async () => {
  const [own, other] = [await build(2), await build(4)];
  const [measured, ...others] = await measure(own, other);
  expect(others).toEqual([]);
  expect(measured).toMatchObject({ kind: 'waiting', of: 'groq', than: 'other' });
  // A tenth of the timeout of a call: 40 ms.
  expect(measured?.own).toBeGreaterThan(19);
  expect(measured?.other).toBeGreaterThan(9);
  expect(own.faults).toEqual(['post /upstreams/groq/faults', 'delete /upstreams/groq/faults']);
  expect(own.seen.every((path) => path.startsWith('/one/'))).toBe(true);
});

test('a build that runs already is not slowed down', async () => {
  const own = await build(2, { startedByLab: false });
  expect(await measure(own, await build(4))).toEqual([]);
  expect(own.faults).toEqual([]);
});
