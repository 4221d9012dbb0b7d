import { request } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { newToken } from '../../../faults/base/token.ts';
import { bearer } from '../../../faults/control/guard.ts';
import { upstreamFaults } from '../../../faults/kinds/index.ts';
import { Receipts } from '../../../faults/receipts/receipts.ts';
import { ProofloadError } from '../../../harness/base/errors.ts';
import { listen } from '../../../harness/base/listen.ts';
import { controlApi } from '../../../harness/lab/lab-api.ts';
import type { ScenarioLab } from '../../../harness/lab/scenario-lab.ts';
import { facts } from '../../support/history.ts';

const refusedStarts = { 'unverified upstreams': { settings: { SSL_VERIFY_ENABLED: 'false' }, says: 'NOT verified' } };
const secret = {
  setting: 'SECRET_KEY',
  weak: { unset: null, short: 'k' },
  strong: { good: 'a good one' },
  refusal: '',
};

/** Starts a lab's control API, which records attempts to start the service. Returns a function that calls the API. */
async function served(authentication?: object) {
  const tried: object[] = [];
  const begun: object[] = [];
  const bench = {
    contract: { ...facts().contract, refusedStarts, secret, authentication },
    environment: { KEYS: 'ada:one,eve:two' },
    async token() {
      throw new ProofloadError('LAB_REQUEST_INVALID', 'the lab signs no tokens');
    },
    fakes: { upstreams: { groq: 'https://127.0.0.1' }, kinds: new Map([['groq', upstreamFaults]]) },
    database: { receipts: new Receipts(), kinds: new Map() },
    connections: undefined,
    async beginPhase(data: object) {
      return { id: begun.push(data) };
    },
    async attemptStart(_about: string, settings: object) {
      tried.push(settings);
      return { outcome: 'refused' };
    },
  };
  const token = newToken();
  const api = await listen(controlApi(bench as unknown as ScenarioLab, token));
  onTestFinished(() => api[Symbol.asyncDispose]());
  const ask = async (path: string, headers: Record<string, string>, body?: object) => {
    const type = { 'content-type': 'application/json' };
    const answer = await request(api.url + path, {
      method: body ? 'POST' : 'GET',
      headers: { ...type, ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const said = (await answer.body.json()) as { error?: { code: string; message: string } } | null;
    return { status: answer.statusCode, code: said?.error?.code, message: said?.error?.message, said };
  };
  return { ask, tried, begun, own: bearer(token) };
}

test('idle connections outlive the pauses between two calls', async () => {
  await using api = await listen((_, response) => response.end());
  expect((await fetch(api.url)).headers.get('keep-alive')).toBe('timeout=120');
});

test('without the token a call does nothing and returns nothing', async () => {
  const { ask, tried, own } = await served();
  const start = { about: 'x', settings: {} };
  for (const headers of [
    {},
    { authorization: 'Bearer ' },
    bearer(newToken()),
    { authorization: own.authorization.slice(0, -1) },
  ]) {
    expect(await ask('/starts', headers, start)).toMatchObject({ status: 403, code: 'wrong-token' });
    expect(await ask('/connections', headers)).toMatchObject({ status: 403, code: 'wrong-token' });
    expect(await ask('/', headers)).toMatchObject({ status: 403, code: 'wrong-token' });
  }
  expect(tried).toEqual([]);
  expect(await ask('/connections', own)).toMatchObject({ status: 200 });
});

test.each([
  [{ host: 'lab.example' }, 'foreign-host'],
  [{ host: '127.0.0.1:1' }, 'foreign-host'],
  [{ origin: 'http://lab.example' }, 'foreign-origin'],
])('with its token, %j is rejected', async (headers, code) => {
  const { ask, own } = await served();
  expect(await ask('/connections', { ...own, ...headers })).toMatchObject({ status: 403, code });
});

test.each([
  [{}],
  [{ SECRET_KEY: null }],
  [{ SECRET_KEY: 'k' }],
  [{ SECRET_KEY: 'a good one' }],
  [{ SSL_VERIFY_ENABLED: 'false' }],
])('a start with %j, which the contract lists, is attempted', async (settings) => {
  const { ask, tried, own } = await served();
  expect(await ask('/starts', own, { about: 'x', settings })).toMatchObject({ status: 200 });
  expect(tried).toEqual([settings]);
});

test.each([
  [{ NODE_OPTIONS: '--require=/tmp/x.js' }],
  [{ SECRET_KEY: 'another' }],
  [{ SECRET_KEY: 'k', NODE_OPTIONS: '--require=/tmp/x.js' }],
  [{ SSL_VERIFY_ENABLED: 'true' }],
  [{ SSL_VERIFY_ENABLED: null }],
])("a start with %j, which the contract doesn't list, is rejected", async (settings) => {
  const { ask, tried, own } = await served();
  const refused = await ask('/starts', own, { about: 'x', settings });
  expect(refused).toMatchObject({ status: 400, code: 'unlisted-start' });
  expect(refused.message).toContain(Object.keys(settings)[0]);
  expect(tried).toEqual([]);
});

test.each([
  [{ own: 'wrong currency', currency: 'USD' }],
  [{ action: 'steady' }],
  [{ when: 'after', of: 1 }],
  [{ action: 'impostor', upstream: 'groq', certificate: 'expired', endpoint: 'ask question' }],
])('a phase %j begins', async (data) => {
  const { ask, own, begun } = await served();
  expect(await ask('/phase', own, data)).toMatchObject({ status: 200 });
  expect(begun).toEqual([data]);
});

test.each([
  [{ action: 'stedy' }, '"action" of phase is "stedy"; allowed: an action of proofload (did you mean "steady"?)'],
  [{ name: 'steady' }, '"action" of phase is missing'],
  [{ own: '' }, '"own" of phase is ""; allowed: a name'],
  [{ own: 'x', deep: {} }, '"deep" of phase is {}; allowed: a string or a number'],
  [{ when: 'during', of: 1 }, '"when" of phase is "during"; allowed: after, failed after'],
  [{ when: 'after', of: 'steady' }, '"of" of phase is "steady"; allowed: the ID of an earlier phase'],
  [{ action: 'too late', breaker: '' }, '"breaker" of phase is ""; allowed: a name'],
  [{ action: 'too late', endpoint: 'chat' }, 'unknown field "endpoint" of phase; allowed: action, breaker, primed'],
  [{ action: 'step', rate: 0, round: 1 }, '"rate" of phase is 0; allowed: a positive number'],
])('a phase %j is refused, with the wrong field', async (data, message) => {
  const { ask, own, begun } = await served();
  const refused = await ask('/phase', own, data);
  expect(refused.status).toBe(400);
  expect(refused.message).toContain(message);
  expect(begun).toEqual([]);
});

test('a wrong request for a token is the fault of its caller', async () => {
  const { ask, own } = await served();
  expect(await ask('/tokens', own, {})).toMatchObject({ status: 400, code: 'invalid-field' });
  expect(await ask('/tokens', own, { user: 'ada', flaw: 'stale' })).toMatchObject({
    status: 400,
    code: 'invalid-field',
    message: expect.stringMatching(/^"flaw" of token is "stale"; allowed: what is wrong with it: another key, /),
  });
  expect(await ask('/tokens', own, { user: 'ada' })).toMatchObject({
    status: 400,
    code: 'impossible',
    message: 'the lab signs no tokens',
  });
});

test('gives out the keys that the service accepts', async () => {
  const { ask, own } = await served({ kind: 'bearer', keySetting: 'KEYS', entries: 'user:key' });
  expect(await ask('/credentials', {})).toMatchObject({ status: 403, code: 'wrong-token' });
  expect(await ask('/credentials', own)).toMatchObject({
    status: 200,
    said: {
      kind: 'bearer',
      credentials: [
        { user: 'ada', key: 'one' },
        { user: 'eve', key: 'two' },
      ],
    },
  });
});

test.each([
  [undefined, 'has no authentication'],
  [{ kind: 'bearer-jwt-es256' }, 'whose tokens come from POST /tokens'],
])('says why there are no keys: %j', async (authentication, why) => {
  const { ask, own } = await served(authentication);
  const answer = await ask('/credentials', own);
  expect(answer).toMatchObject({ status: 404, code: 'no-credentials', message: expect.stringContaining(why) });
});
