import { createHmac, generateKeyPairSync } from 'node:crypto';
import { errors, SignJWT, UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';
import { systemClock, systemWallClock } from '../../../service/base/clock.ts';
import { parseLimitString } from '../../../service/config/limit-string.ts';
import { createLimiters } from '../../../service/protections/limiters.ts';
import { createTokenVerifier } from '../../../service/protections/token-verifier.ts';
import { CONVERSATION, rateLimits, refusal, startApp } from '../support/test-app.ts';
import { inSeconds, SECRET_KEY, signToken } from '../support/tokens.ts';

const ADA = { sub: 'ada', exp: inSeconds(60) };
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PUBLIC_PEM = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const [header, claims, signature] = signToken(ADA).split('.') as [string, string, string];
const encoded = (text: string) => Buffer.from(text).toString('base64url');

const ROUTES = [
  ['POST', '/v1/conversations/end', CONVERSATION],
  ['POST', '/v1/activities/suggest', { user_id: 'ada' }],
  ['GET', '/v1/conversations/c-1', undefined],
] as const;

async function ask(
  url: string,
  authorization: string | undefined,
  [method, path, body] = ROUTES[2] as (typeof ROUTES)[number],
) {
  return fetch(`${url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
    ...(body && { body: JSON.stringify(body) }),
  });
}

const BAD_TOKENS: Record<string, string> = {
  'another key': signToken(ADA, `${SECRET_KEY}x`),
  'an empty key': signToken(ADA, ''),
  'alg none, unsigned': new UnsecuredJWT(ADA).encode(),
  'alg none, signed all the same': signToken(ADA, SECRET_KEY, { alg: 'none' }),
  'alg None in another case': signToken(ADA, SECRET_KEY, { alg: 'nOnE' }),
  'a right token without its signature': `${header}.${claims}.`,
  'a right token of two parts': `${header}.${claims}`,
  'the claims of another user under a right signature': [
    header,
    encoded(JSON.stringify({ ...ADA, sub: 'eve' })),
    signature,
  ].join('.'),
  HS384: await new SignJWT(ADA).setProtectedHeader({ alg: 'HS384' }).sign(Buffer.from(SECRET_KEY.padEnd(48, 'x'))),
  'HS512 with the right key': `${encoded('{"alg":"HS512"}')}.${claims}.${createHmac('sha512', SECRET_KEY)
    .update(`${encoded('{"alg":"HS512"}')}.${claims}`)
    .digest('base64url')}`,
  RS256: await new SignJWT(ADA).setProtectedHeader({ alg: 'RS256' }).sign(privateKey),
  'RS256 with the right HMAC': signToken(ADA, SECRET_KEY, { alg: 'RS256' }),
  'HS256 keyed with a public key': signToken(ADA, PUBLIC_PEM),
  'a key of its own in the header': signToken(ADA, 'mine', { alg: 'HS256', jwk: { kty: 'oct', k: encoded('mine') } }),
  'a key id that is a path': signToken(ADA, '', { alg: 'HS256', kid: '../../../../dev/null' }),
  'a critical header that is not understood': signToken(ADA, SECRET_KEY, { alg: 'HS256', crit: ['x'], x: 1 }),
  'no alg': signToken(ADA, SECRET_KEY, { typ: 'JWT' }),
  'no exp': signToken({ sub: 'ada' }),
  'an exp that is text': signToken({ sub: 'ada', exp: String(inSeconds(60)) }),
  'an exp that is null': signToken({ sub: 'ada', exp: null }),
  'not before in a minute': signToken({ ...ADA, nbf: inSeconds(60) }),
  'issued in a minute': signToken({ ...ADA, iat: inSeconds(60) }),
  'an iat that is text': signToken({ ...ADA, iat: String(inSeconds(-1)) }),
  'another audience': signToken({ ...ADA, aud: 'billing-service' }),
  'several audiences, all of them others': signToken({ ...ADA, aud: ['billing-service', 'conversation-service-2'] }),
  'no audience in a list': signToken({ ...ADA, aud: [] }),
  'an audience that is null': signToken({ ...ADA, aud: null }),
  'an empty audience': signToken({ ...ADA, aud: '' }),
  'no sub': signToken({ exp: inSeconds(60) }),
  'an empty sub': signToken({ ...ADA, sub: '' }),
  'a sub that is a list': signToken({ ...ADA, sub: ['ada'] }),
  'a sub with NUL': signToken({ ...ADA, sub: 'ada\0' }),
  'a sub of 201 characters': signToken({ ...ADA, sub: 'a'.repeat(201) }),
  'claims that are a list': `${header}.${encoded('[]')}.${createHmac('sha256', SECRET_KEY)
    .update(`${header}.${encoded('[]')}`)
    .digest('base64url')}`,
  garbage: 'x.y.z',
  'a single letter': 'x',
  'only dots': '..',
  'seven thousand letters': 'A'.repeat(7000),
};

test.each(Object.entries(BAD_TOKENS))('rejects %s, on every route', async (_what, token) => {
  await using app = await startApp();
  for (const route of ROUTES) {
    const response = await ask(app.url, `Bearer ${token}`, route);
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer realm="conversation-service", error="invalid_token", error_description="The token is not valid."',
    );
    expect(await refusal(response)).toMatchObject({ status: 401, code: 'token_invalid' });
  }
  expect(app.database.statements).toEqual([]);
});

test.each([
  undefined,
  '',
  'Bearer',
  'Bearer ',
  `Basic ${encoded('ada:x')}`,
  signToken(ADA),
  `Bearer a b`,
  `Token ${signToken(ADA)}`,
])('Authorization: %s has no token, and the response says how to send one', async (authorization) => {
  await using app = await startApp();
  for (const route of ROUTES) {
    const response = await ask(app.url, authorization, route);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="conversation-service"');
    expect(await refusal(response)).toMatchObject({ status: 401, code: 'token_missing' });
  }
  expect(app.database.statements).toEqual([]);
});

test('ignores a token in the query or in the body', async () => {
  await using app = await startApp();
  const token = signToken(ADA);
  const inQuery = await fetch(`${app.url}/v1/conversations/c-1?access_token=${token}&authorization=Bearer%20${token}`);
  expect(await refusal(inQuery)).toMatchObject({ status: 401, code: 'token_missing' });
});

test.each(ROUTES)('%s %s serves a request with a token', async (...route) => {
  await using app = await startApp();
  expect((await ask(app.url, `Bearer ${signToken(ADA)}`, route as never)).status).toBeLessThan(300);
  expect((await ask(app.url, `bearer  ${signToken(ADA)}`, route as never)).status).toBeLessThan(300);
});

test.each([
  { iat: inSeconds(-60) },
  { iat: inSeconds(3) },
  { aud: 'conversation-service' },
  { aud: ['billing-service', 'conversation-service'] },
])('a token with %j is accepted', async (more) => {
  await using app = await startApp();
  expect((await ask(app.url, `Bearer ${signToken({ ...ADA, ...more })}`)).status).toBe(200);
});

// Don't use 4 s, because the next second may start before the token is checked.
test.each([
  [-3, 200],
  [-7, 401],
])('a token that expired %i s ago (5 s are tolerated) gets %i', async (seconds, status) => {
  await using app = await startApp();
  const response = await ask(app.url, `Bearer ${signToken({ sub: 'ada', exp: inSeconds(seconds) })}`);
  expect(response.status).toBe(status);
  if (status === 401) expect(await refusal(response)).toMatchObject({ code: 'token_expired' });
});

test('a remembered token is rejected after it expires', async () => {
  let now = Date.now();
  const verify = createTokenVerifier(SECRET_KEY, { epochMs: () => now });
  const exp = Math.floor(now / 1000) + 60;
  const token = signToken({ sub: 'ada', exp });
  expect(await verify(token)).toBe('ada');
  expect(await verify(signToken({ sub: 'eve', exp }))).toBe('eve');
  now = (exp + 5) * 1000 - 1;
  expect(await verify(token)).toBe('ada');
  now += 1;
  await expect(verify(token)).rejects.toThrow(errors.JWTExpired);
});

test('a remembered token with one changed letter is rejected', async () => {
  const verify = createTokenVerifier(SECRET_KEY, systemWallClock);
  const token = signToken(ADA);
  await verify(token);
  for (let at = 0; at < token.length - 1; at += 7) {
    const changed = `${token.slice(0, at)}${token[at] === 'B' ? 'C' : 'B'}${token.slice(at + 1)}`;
    await expect(verify(changed)).rejects.toThrow();
  }
  expect(await verify(token)).toBe('ada');
});

test.each([
  ['/v1/conversations/end', CONVERSATION],
  ['/v1/activities/suggest', { user_id: 'ada' }],
])('%s for a user other than the token’s is rejected, and nothing is queried or stored', async (path, body) => {
  const called: string[] = [];
  const note = (name: string) => async () => {
    called.push(name);
    return [] as never;
  };
  const llm = { invoke: note('llm') };
  const memory = { extract: note('extract'), search: note('search') };
  await using app = await startApp({ llm, memory });
  expect(await refusal(await app.post(path, body, 'eve'))).toMatchObject({ status: 403, code: 'user_mismatch' });
  expect([...app.database.statements, ...called]).toEqual([]);
});

test('another spelling of the user in the body is another user', async () => {
  await using app = await startApp();
  for (const user_id of ['Ada', 'ada ', 'a\u0301da', ['ada'], { sub: 'ada' }]) {
    expect((await app.post('/v1/activities/suggest', { user_id })).status).toBeGreaterThanOrEqual(400);
  }
});

test('the rate limit applies before authentication', async () => {
  const limiters = createLimiters({ ...rateLimits('1000/minute'), default: parseLimitString('3/minute') }, systemClock);
  await using app = await startApp({ limiters });
  const statuses: number[] = [];
  for (const token of ['a', 'b', 'c', signToken(ADA)]) statuses.push((await ask(app.url, `Bearer ${token}`)).status);
  expect(statuses).toEqual([401, 401, 401, 429]);
});

test("doesn't read the body without a token", async () => {
  await using app = await startApp();
  const response = await fetch(`${app.url}/v1/activities/suggest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{',
  });
  expect(await refusal(response)).toMatchObject({ status: 401, code: 'token_missing' });
});

test.each(['/v1', '/v1/', '/V1/x', '/v1/conversations', '/v1/conversations/c-1/x'])(
  '%s is not found, but only with a token',
  async (path) => {
    await using app = await startApp();
    expect(await refusal(await fetch(`${app.url}${path}`))).toMatchObject({ status: 401, code: 'token_missing' });
    expect(await refusal(await app.get(path))).toMatchObject({ status: 404, code: 'not_found' });
  },
);

test.each(['/health', '/metrics'])('%s needs no token', async (path) => {
  await using app = await startApp();
  expect((await fetch(`${app.url}${path}`)).status).toBe(200);
});

test('rejections are counted', async () => {
  await using app = await startApp();
  await ask(app.url, undefined);
  await app.post('/v1/activities/suggest', { user_id: 'ada' }, 'eve');
  const text = await (await app.get('/metrics')).text();
  expect(text).toContain('refusals_total{reason="authentication"} 1');
  expect(text).toContain('refusals_total{reason="authorization"} 1');
});
