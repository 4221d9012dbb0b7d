import { expect, test } from 'vitest';
import { recordLog } from '../support/log-recorder.ts';
import { bearer, signToken } from '../support/tokens.ts';

const SECRETS = ['6f1d-Nobody-May-Ever-See-This-Key-0c9a', 'p@ss"word\\of%ada', 'gsk_hidden'];

/** Logs a value and returns the line. */
function logged(...line: [object, string?] | [string]): string {
  const { logger, lines } = recordLog(SECRETS);
  logger.warn(...(line as [object, string]));
  return JSON.stringify(lines);
}

test.each(SECRETS)('%s appears in no message, error, cause, field or key', (secret) => {
  const cause = new Error(`cause ${secret}`, { cause: new Error(`root ${secret}`) });
  const error = Object.assign(new Error(`failed with ${secret}`, { cause }), { input: secret });
  const text = logged({ err: error, deep: { er: { x: [secret] } }, [secret]: 1 }, `told ${secret}`);
  expect(text).toContain('failed with [redacted]');
  expect(text).toContain('root [redacted]');
  expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
});

test('a URL-encoded secret is redacted', () => {
  expect(logged(`postgres://ada:${encodeURIComponent(SECRETS[1] as string)}@db`)).toContain('ada:[redacted]@db');
});

test.each([
  { headers: { authorization: 'whatever', cookie: 'whatever', 'set-cookie': 'whatever' } },
  { request: { headers: { authorization: 'whatever' } } },
  { authorization: 'whatever' },
  { SECRET_KEY: 'whatever', connection: { password: 'whatever' }, options: { apiKey: 'whatever' } },
])('the secret fields of %j are censored', (fields) => {
  const text = logged(fields, 'a line');
  expect(text).toContain('[redacted]');
  expect(text).not.toContain('whatever');
});

test('credentials are recognized by their format', () => {
  const token = signToken({ sub: 'ada' });
  const text = logged(
    { err: new Error(`sent ${bearer('ada').authorization}`), list: [token, 'Token m0-0123456789abcdef'] },
    'redis://:hunter2@cache and postgresql://ada:hunter3@db/x',
  );
  expect(text).not.toMatch(/eyJ|hunter|0123456789/);
  expect(text).toContain('redis://:[redacted]@cache and postgresql://ada:[redacted]@db/x');
});

test('lines without secrets are unchanged', () => {
  const text = 'Token verification: the bearer of https://example.org/a:b@c was not authenticated';
  expect(logged(text)).toContain(text);
});

test('an error is logged without its stack, even if it is its own cause', () => {
  const error = new Error('round');
  error.cause = error;
  const text = logged({ err: error }, 'failed');
  expect(text).toContain('round');
  expect(text).not.toMatch(/stack|\.ts:\d+/);
});

test('an error passed directly is logged without its stack', () => {
  expect(logged(new Error('bare'))).not.toMatch(/stack|\.ts:\d+/);
});
