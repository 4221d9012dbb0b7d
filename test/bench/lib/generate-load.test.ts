import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { generateLoad } from '../../../bench/lib/generate-load.ts';
import { listen } from '../../../harness/base/listen.ts';
import { REAL_TIME } from '../../support/real-time.ts';

const shot = { method: 'POST', path: '/x/${unique}', body: { id: 'n-${unique}' } } as const;

test('sends unique requests at the given pace without waiting for responses', REAL_TIME, async () => {
  const seen = new Set<string>();
  await using server = await listen(async (request, response) => {
    seen.add(`${request.url} ${await text(request)}`);
    setTimeout(() => response.end(), 300);
  });
  const load = { url: server.url, shot, seconds: 1, pace: { perSecond: 50 } };
  const { answered, perSecond, statuses, ms } = await generateLoad(load, [200]);
  // The warm-up second counts for everything except the times.
  expect([answered, seen.size, statuses]).toEqual([100, 100, { 200: 100 }]);
  // The load ends with the last response, 0.3 s after its last second.
  expect(perSecond).toBeGreaterThan(20);
  expect(perSecond).toBeLessThanOrEqual(50);
  expect([...seen][0]).toMatch(/^\/x\/\d+-1 \{"id":"n-\d+-1"\}$/);
  // A 300 ms timer may fire slightly early. The upper bound leaves a second for a busy machine.
  expect(ms.p50).toBeGreaterThan(295);
  expect(ms.p50).toBeLessThan(1300);
});

test('keeps one request in flight per connection', async () => {
  let [now, most] = [0, 0];
  await using server = await listen((_request, response) => {
    now += 1;
    most = Math.max(most, now);
    setTimeout(() => {
      now -= 1;
      response.end();
    }, 20);
  });
  await generateLoad({ url: server.url, shot, seconds: 0.5, pace: { connections: 3 } }, [200]);
  expect(most).toBe(3);
});

test('fails on an unexpected status, and without a server', async () => {
  await using server = await listen((_request, response) => void response.writeHead(503).end());
  const load = { shot, seconds: 0.1, pace: { connections: 1 } };
  await expect(generateLoad({ ...load, url: server.url }, [200])).rejects.toThrow('"503"');
  await expect(generateLoad({ ...load, url: 'http://127.0.0.1:1' }, [200])).rejects.toThrow('"error"');
});
