import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../../harness/base/listen.ts';
import { meansOf } from '../../../harness/client/means.ts';
import { contractSchema, numbersOf } from '../../../harness/contract/contract.ts';
import { scriptContext } from '../../../harness/contract/script-context.ts';
import { BUFFERS, sendForEver, startCounting } from '../../support/counting-server.ts';

/** Returns a workbench's means for a service that hands out a session both as a cookie and as a token. */
async function means(handedOut: object, at?: string) {
  const bodies: string[] = [];
  const server = await listen(async (request, response) => {
    bodies.push(await text(request));
    response.writeHead(200, { 'Set-Cookie': ['a=b', 'sid=s1; Path=/'] }).end('{"data":{"token":"t1"}}');
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const contract = contractSchema.parse({
    name: 'notes',
    start: { command: ['serve'], readyPath: '/', readySeconds: 1 },
    endpoints: { in: { method: 'POST', path: '/in', form: { user: '${user}' }, served: [200] } },
    authentication: { kind: 'login', endpoint: 'in', ...handedOut },
    profiles: { fast: {} },
  });
  const addresses = { services: [], lab: { url: '', token: '' }, clientPrefix: 'c' };
  const calling = scriptContext(contract, numbersOf(contract, 'fast'), addresses, {});
  const url = at ?? server.url;
  return { bodies, means: meansOf({ url, calling, token: async (user) => `token of ${user}` }) };
}

test.each([
  [{ cookie: 'sid' }, 's1'],
  [{ token: 'data.token' }, 't1'],
  [{ cookie: 'other' }, undefined],
])('logs a user in: %j', async (handedOut, session) => {
  const { bodies, means: found } = await means(handedOut);
  expect(await found.logIn({ user: 'ada' })).toBe(session);
  expect(bodies).toEqual(['user=ada']);
});

test('the response to a log-in has a limit, so that one without an end does not fill the memory', async () => {
  const endless = await startCounting((_, response) => sendForEver(response, 'x'.repeat(2 ** 16)));
  const { means: found } = await means({ cookie: 'sid' }, endless.url);
  await expect(found.logIn({ user: 'ada' })).rejects.toThrow('a body is larger than 16 MiB');
  await expect.poll(endless.sent).toBeGreaterThan(2 ** 20);
  expect(endless.sent()).toBeLessThan(16 * 2 ** 20 + BUFFERS);
});

test('a user logs in once', async () => {
  const { bodies, means: found } = await means({ cookie: 'sid' });
  await Promise.all([found.logIn({ user: 'ada' }), found.logIn({ user: 'ada' })]);
  expect(bodies).toHaveLength(1);
});
