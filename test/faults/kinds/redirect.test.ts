import { expect, test } from 'vitest';
import type { RedirectedReceipt } from '../../../faults/receipts/receipt.ts';
import { type Answer, type FakeLab, follow, startFakeLab } from '../../mocks/fake-lab.ts';

const locationOf = ({ headers }: Answer): URL => new URL(String(headers.location));

/** Returns the receipts of the other host. */
const receiptsElsewhere = async (lab: FakeLab): Promise<RedirectedReceipt[]> =>
  (await lab.receipts()).filter((receipt) => receipt.kind === 'redirected');

test.each([301, 302, 303, 307, 308])(
  'redirects with %d to a host with another name and port, which responds with 503',
  async (status) => {
    await using lab = await startFakeLab();
    await lab.inject('groq', { kind: 'redirect', status, next: 1 });
    const answer = await lab.complete();
    expect(answer.status).toBe(status);
    const [here, there] = [new URL(lab.fakes.upstreams.groq), locationOf(answer)];
    expect(there).toMatchObject({ protocol: 'https:', hostname: 'localhost', pathname: '/openai/v1/chat/completions' });
    expect(there.port).not.toBe(here.port);
    const followed = await follow(lab, there, { authorization: 'Bearer gsk_test', 'x-api-key': 'abc' });
    expect(followed.status).toBe(503);
    expect(JSON.parse(followed.text)).toHaveProperty('error');
    expect(await lab.receipts()).toMatchObject([
      { kind: 'request', status, faults: ['f1:redirect'] },
      { kind: 'redirected', over: 'https', credentials: ['authorization: bearer', 'x-api-key'] },
    ]);
  },
);

test('the host name differs from that of the request, and neither the query nor a value of a credential is passed on', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'redirect' });
  const origin = new URL(lab.fakes.upstreams.groq);
  const answer = await follow(lab, new URL(`https://localhost:${origin.port}/v1/models?key=s3cr3t`));
  expect(answer.status).toBe(307);
  expect(locationOf(answer)).toMatchObject({ hostname: '127.0.0.1', pathname: '/v1/models', search: '' });
  expect((await follow(lab, locationOf(answer))).status).toBe(503);
  const [receipt] = await receiptsElsewhere(lab);
  expect(receipt).toMatchObject({ upstream: 'groq', method: 'GET', path: '/v1/models', over: 'https' });
  expect(receipt).not.toHaveProperty('credentials');
});

test.each(['localhost', 'api.groq.com'])('a request to %s is redirected to 127.0.0.1', async (host) => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'redirect', next: 1 });
  const there = locationOf(await follow(lab, new URL(lab.fakes.upstreams.groq), { host }));
  expect(there.hostname).toBe('127.0.0.1');
  expect((await follow(lab, there)).status).toBe(503);
});

test('redirects to plain HTTP', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'redirect', over: 'http', next: 1 });
  const there = locationOf(await lab.complete());
  expect(there.protocol).toBe('http:');
  expect((await follow(lab, there, { authorization: 'Token abc' })).status).toBe(503);
  expect(await receiptsElsewhere(lab)).toMatchObject([{ over: 'http', credentials: ['authorization: token'] }]);
});

test('an endless redirect leads to itself 500 times', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'redirect', status: 302, over: 'http', endless: true, next: 1 });
  let answer = await lab.complete();
  let there = locationOf(answer);
  let hops = 0;
  for (; answer.status === 302; hops += 1) {
    there = new URL(String(answer.headers.location), there);
    answer = await follow(lab, there);
  }
  expect([hops, answer.status]).toEqual([500, 503]);
  expect(await receiptsElsewhere(lab)).toHaveLength(500);
});

test.each([{ status: 304 }, { status: 200 }, { over: 'ftp' }, { endless: 3 }])('rejects %j', async (field) => {
  await using lab = await startFakeLab();
  const { status, body } = await lab.control('POST', '/upstreams/groq/faults', { kind: 'redirect', ...field });
  expect([status, body.error.code]).toEqual([400, 'invalid-field']);
});
