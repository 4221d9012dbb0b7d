import type { RequestHandler } from 'express';
import { expect, test, vi } from 'vitest';
import { systemClock } from '../../../service/base/clock.ts';
import { createLimiters } from '../../../service/protections/limiters.ts';
import { CONVERSATION, rateLimits, refusal, startApp } from '../support/test-app.ts';

test('responds to a bug with 500, without its stack and message', async () => {
  await using app = await startApp();
  app.database.failure = new Error('secret detail');
  const response = await app.get('/v1/conversations/c-1');
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({
    error: { code: 'internal_error', message: 'The service failed unexpectedly.' },
  });
});

test('logs a bug without its stack', async () => {
  await using app = await startApp();
  app.database.failure = new Error('what happened');
  await app.get('/v1/conversations/c-1');
  expect(app.log[0]).toMatchObject({
    msg: 'request failed',
    code: 'internal_error',
    err: { message: 'what happened' },
  });
  expect(JSON.stringify(app.log)).not.toContain('error-response.test.ts');
});

test.each(['/v1/nowhere', '/v1/conversations/c-1', '/nowhere'])('logs the whole path of %s', async (path) => {
  const defect: RequestHandler = () => {
    throw new Error('what happened');
  };
  const limiters = createLimiters(rateLimits('9/minute'), systemClock);
  await using app = await startApp({ limiters: { ...limiters, unknown: defect, conversationsRead: defect } });
  expect((await app.get(path)).status).toBe(500);
  expect(app.log[0]).toMatchObject({ msg: 'request failed', path });
});

test('responds to another method of a known path with 404', async () => {
  await using app = await startApp();
  expect(await refusal(await app.post('/health', CONVERSATION))).toMatchObject({ status: 404, code: 'not_found' });
});

test('cuts off a response that fails after its start, and prints no stack', async () => {
  // Express prints no stacks if NODE_ENV is test.
  vi.stubEnv('NODE_ENV', 'production');
  const stderr = vi.spyOn(console, 'error');
  const health: RequestHandler = (_request, response) => {
    response.write('{"half":');
    throw new Error('secret detail');
  };
  await using app = await startApp({ limiters: { ...createLimiters(rateLimits('9/minute'), systemClock), health } });
  await expect(app.get('/health').then((response) => response.text())).rejects.toThrow();
  expect(stderr).not.toHaveBeenCalled();
  expect(app.log[0]).toMatchObject({ msg: 'request failed', err: { message: 'secret detail' } });
});

test.each(['/health', '/nowhere', '/v1/conversations/c-1', '/v1/conversations/%ff'])(
  '%s is answered with security headers and without X-Powered-By',
  async (path) => {
    await using app = await startApp();
    const { headers } = await app.get(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('strict-transport-security')).toContain('max-age=');
    expect(headers.has('x-powered-by')).toBe(false);
  },
);
