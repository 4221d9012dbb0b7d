import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { meansOf } from '../../../harness/callers/means.ts';
import { contractSchema, numbersOf } from '../../../harness/contract/contract.ts';
import { scriptContext } from '../../../harness/contract/script-context.ts';

/** Returns a workbench's means for a service that hands out a session both as a cookie and as a token. */
async function means(handedOut: object) {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(await text(request));
    response.writeHead(200, { 'Set-Cookie': ['a=b', 'sid=s1; Path=/'] }).end('{"data":{"token":"t1"}}');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const contract = contractSchema.parse({
    name: 'notes',
    start: { command: ['serve'], readyPath: '/', readySeconds: 1 },
    endpoints: { in: { method: 'POST', path: '/in', form: { user: '${user}' }, served: [200] } },
    authentication: { kind: 'login', endpoint: 'in', ...handedOut },
    profiles: { fast: {} },
  });
  const addresses = { services: [], lab: { url: '', token: '' }, clientPrefix: 'c' };
  const calling = scriptContext(contract, numbersOf(contract, 'fast'), addresses, {});
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
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

test('a user logs in once', async () => {
  const { bodies, means: found } = await means({ cookie: 'sid' });
  await Promise.all([found.logIn({ user: 'ada' }), found.logIn({ user: 'ada' })]);
  expect(bodies).toHaveLength(1);
});
