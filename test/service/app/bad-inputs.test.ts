import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { systemClock } from '../../../service/base/clock.ts';
import { ERRORS } from '../../../service/base/errors.ts';
import { createLimiters } from '../../../service/protections/limiters.ts';
import { createDatabase } from '../../../service/storage/pool.ts';
import { sharedPostgres } from '../../support/embedded-postgres.ts';
import { HANG_MS, TEST_MS } from '../../support/limits.ts';
import { recordLog } from '../support/log-recorder.ts';
import { migrated } from '../support/migrated.ts';
import { type RawRequest, sendRaw } from '../support/raw-request.ts';
import { rateLimits, startApp, type TestApp } from '../support/test-app.ts';
import { bearer, inSeconds, SECRET_KEY, signToken } from '../support/tokens.ts';

/** Number of generated inputs. Use BAD_INPUTS=100000 for a thorough search. */
const COUNT = Number(process.env.BAD_INPUTS ?? 400);
const TIMEOUT_MS = TEST_MS + COUNT * 20;

let app: TestApp;

beforeAll(async () => {
  const url = await (await sharedPostgres()).createDatabase();
  await migrated(url);
  const options = { url, poolMax: 5, queueMax: 50, acquireTimeoutMs: HANG_MS, statementTimeoutMs: HANG_MS };
  const limiters = createLimiters({ ...rateLimits('1/minute'), enabled: false }, systemClock);
  // Express prints no stacks if NODE_ENV is test.
  vi.stubEnv('NODE_ENV', 'production');
  app = await startApp({ limiters, database: createDatabase(options, recordLog().logger) });
});

afterAll(() => app[Symbol.asyncDispose]());

const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\0', '\ud800', 'ada', '__proto__'),
);
const anyValue = fc.oneof(fc.jsonValue(), anyText, fc.constantFrom(1e308, -0, null, [], {}, { $ne: 1 }));

/** Generates mostly valid values, so that the invalid part gets far into the service. */
const mostly = <T>(right: T, wrong: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: wrong });

const nearlyBody = fc.record(
  {
    user_id: mostly('ada', anyValue),
    conversation_id: mostly('c-1', anyValue),
    messages: fc.oneof(
      fc.array(fc.record({ role: mostly('user', anyValue), content: mostly('hello', anyValue) }, { requiredKeys: [] })),
      anyValue,
    ),
    __proto__: anyValue,
    constructor: anyValue,
  },
  { requiredKeys: [] },
);

const anyBody: fc.Arbitrary<string | Uint8Array | undefined> = fc.oneof(
  { weight: 5, arbitrary: nearlyBody.map((body) => JSON.stringify(body)) },
  { weight: 2, arbitrary: fc.json() },
  { weight: 1, arbitrary: nearlyBody.map((body) => JSON.stringify(body).slice(0, -2)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  { weight: 1, arbitrary: fc.nat({ max: 40_000 }).map((levels) => '['.repeat(levels)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '{"user_id":"ada","user_id":"eve"}', '{"user_id":"\\ud800"}', undefined),
  },
);

const anyPath = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('/v1/conversations/end', '/v1/activities/suggest') },
  { weight: 3, arbitrary: anyText.map((id) => `/v1/conversations/${safeEncode(id)}`) },
  { weight: 2, arbitrary: fc.webPath({ size: 'medium' }).map((path) => path || '/') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('/health', '/metrics', '/%', '/%ff', '//', '/v1/conversations/%00', '/..%2f', '*'),
  },
  { weight: 1, arbitrary: fc.string({ minLength: 1 }).map((path) => `/${path.replaceAll(/[^!-~]/g, '')}`) },
);

const anyAuthorization = fc.oneof(
  { weight: 6, arbitrary: fc.constant(bearer('ada').authorization) },
  { weight: 1, arbitrary: fc.json().map((claims) => `Bearer ${signToken(JSON.parse(claims) ?? {})}`) },
  { weight: 1, arbitrary: anyValue.map((sub) => `Bearer ${signToken({ sub, exp: inSeconds(60) })}`) },
  { weight: 1, arbitrary: anyValue.map((alg) => `Bearer ${signToken({ sub: 'ada' }, SECRET_KEY, { alg })}`) },
  { weight: 1, arbitrary: fc.base64String().map((token) => `Bearer ${token}`) },
  { weight: 1, arbitrary: fc.string().map((token) => token.replaceAll(/[^ -~]/g, '')) },
);

const anyHeaders = fc.record(
  {
    authorization: anyAuthorization,
    'content-type': mostly(
      'application/json',
      fc.constantFrom(
        'text/plain',
        'application/json; charset=utf-16',
        'application/json; charset=nonsense',
        'a/b/c',
        ';',
        '',
      ),
    ) as fc.Arbitrary<string>,
    'content-encoding': mostly(
      'identity',
      fc.constantFrom('gzip', 'br', 'deflate', 'zstd', 'x'),
    ) as fc.Arbitrary<string>,
    'x-forwarded-for': fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant('x')),
    accept: fc.constantFrom('text/html', '*/*', 'x'),
    'if-none-match': fc.constant('*'),
    range: fc.constantFrom('bytes=0-', 'x'),
  },
  { requiredKeys: ['authorization', 'content-type'] },
);

const anyRequest: fc.Arbitrary<RawRequest> = fc.record({
  method: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('POST', 'GET') },
    { weight: 1, arbitrary: fc.constantFrom('PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND') },
  ),
  path: anyPath,
  headers: anyHeaders,
  body: anyBody,
});

function safeEncode(id: string): string {
  return encodeURIComponent(id.toWellFormed());
}

/** Matches internals: a stack frame, a source file, or the key. */
const INSIDE = new RegExp(`\\n\\s+at |node_modules|\\.[jt]s:\\d+|${SECRET_KEY}`);
const FAULTS_OF_OTHERS = Object.entries(ERRORS).filter(
  ([code, { status }]) => status >= 500 && code !== 'internal_error',
);

test(`none of ${COUNT} bad inputs gets a 5xx, a stack trace or an undocumented code`, {
  timeout: TIMEOUT_MS,
}, async () => {
  const stderr = vi.spyOn(console, 'error');
  await fc.assert(
    fc.asyncProperty(anyRequest, async (request) => {
      const { status, text: answer, headers } = await sendRaw(app.url, request);
      expect(answer).not.toMatch(INSIDE);
      expect(headers).not.toHaveProperty('x-powered-by');
      // The response to a HEAD request has no body with a code.
      if (request.method === 'HEAD') return void expect(status).toBeLessThan(500);
      if (status < 400) return;
      const { code } = (JSON.parse(answer) as { error: { code: keyof typeof ERRORS } }).error;
      expect(ERRORS[code]?.status, code).toBe(status);
      if (status >= 500) expect(FAULTS_OF_OTHERS.map(([name]) => name)).toContain(code);
    }),
    { numRuns: COUNT },
  );
  expect(stderr).not.toHaveBeenCalled();
  expect((await app.get('/health')).status).toBe(200);
  expect(JSON.stringify(app.log)).not.toMatch(INSIDE);
});

test('invalid HTTP gets a 4xx or no response, and the service keeps running', {
  timeout: TIMEOUT_MS,
}, async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string().map((line) => Buffer.from(`GET / HTTP/1.1\r\n${line}\r\n\r\n`)),
    fc.string().map((length) => Buffer.from(`POST /v1/x HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`)),
    fc.constant(Buffer.from(`GET /health HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)),
  );
  const { hostname, port } = new URL(app.url);
  await fc.assert(
    fc.asyncProperty(bytes, async (sent) => {
      const socket = connect(Number(port), hostname);
      socket.end(sent);
      const answer = await text(socket).catch(() => '');
      expect(answer).toMatch(/^$|^HTTP\/1\.1 [24]\d\d /);
      expect(answer).not.toMatch(INSIDE);
    }),
    { numRuns: Math.ceil(COUNT / 4) },
  );
  expect((await app.get('/health')).status).toBe(200);
});
