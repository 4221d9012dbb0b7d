import { Agent } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { unserved } from '../../../harness/callers/meaning-of.ts';
import { send } from '../../../harness/client/send.ts';
import { BUFFERS, sendForEver, startCounting } from '../../support/counting-server.ts';

const GET = { method: 'GET', path: '/', headers: {}, body: null } as const;

function agent(): Agent {
  const made = new Agent();
  onTestFinished(() => made.destroy());
  return made;
}

test('a response is read up to its end', async () => {
  const { url } = await startCounting((_, response) => void response.writeHead(201).end('done'));
  expect(await send(url, GET, agent(), undefined)).toBe(201);
});

test('conditions on the body decide for which status a response stands', async () => {
  const { url } = await startCounting((_, response) => void response.writeHead(200).end('{"errors":[{"code":7}]}'));
  const served = { status: 200, means: 200, without: 'errors' };
  expect(await send(url, GET, agent(), [served])).toBe(unserved(200));
  expect(await send(url, GET, agent(), [{ status: 200, means: 429, has: 'errors.0.code', equals: [7] }])).toBe(429);
});

test('a response without an end is no complete response, and is not read for ever', async () => {
  const endless = await startCounting((_, response) => sendForEver(response, 'x'.repeat(2 ** 16)));
  expect(await send(endless.url, GET, agent(), undefined)).toBe(0);
  await expect.poll(endless.sent).toBeGreaterThan(2 ** 20);
  expect(endless.sent()).toBeLessThan(16 * 2 ** 20 + BUFFERS);
});
