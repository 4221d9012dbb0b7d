import { expect, test } from 'vitest';
import { secretOf } from '../../../../harness/checkers/foundation/mutants.ts';
import { during, mutantIn } from '../fake-wire.ts';
import { testBodies, testHeaders, testIdle } from '../mutant-tests.ts';

const JSON_HEADERS = { 'Content-Type': 'application/json' };

testHeaders([['secret-in-a-header', {}, { 'X-Debug': 's3cr3t-k3y' }]]);

testBodies([
  ['secret-in-a-body', { headers: JSON_HEADERS, body: '{}' }, '{}\ns3cr3t-k3y'],
  ['stack-trace-in-a-body', { headers: JSON_HEADERS, body: '{}', status: 500 }, expect.stringContaining('Traceback')],
]);

testIdle([['secret-in-a-body', { headers: { ...JSON_HEADERS, 'Content-Encoding': 'gzip' } }]]);

test('one call of an upstream is in plain text', async () => {
  const { see, called } = mutantIn('upstream-called-in-plain-text');
  for (const phase of [during({ action: 'steady' }), during({ action: 'recovered' })]) {
    expect((await see({ phase, status: 502 })).status).toBe(502);
  }
  expect(called).toEqual(['llm in plain text']);
});

test('an upstream that gets no plain text is passed over, and an endpoint that reaches none is not acted on', async () => {
  const endpoints = { ask: { reaches: ['mem', 'llm'], served: [200] }, health: { reaches: [], served: [200] } };
  const { act, called } = mutantIn('upstream-called-in-plain-text', { endpoints });
  expect(await act({ endpoint: 'health' })).toBe(undefined);
  expect(await act({ endpoint: 'ask' })).not.toBe(undefined);
  expect(called).toEqual(['mem in plain text', 'llm in plain text']);
});

test('no secret is shown that the contract allows, and no key that the first callers sent', () => {
  const secrets = ['KEYS', 'KEYS', 'DEMO', 'PASS'].map((name, index) => ({ name, forms: [`form ${index}`] }));
  const reasons: string[] = [];
  const impossible = (why: string) => void reasons.push(why);
  const secretIn = (allowed: object, authentication?: object) =>
    secretOf({ contract: { secrecy: { allowed }, authentication }, leakTargets: { secrets }, impossible } as never);
  expect(secretIn({})).toBe('form 3');
  expect(secretIn({ log: ['PASS'], responses: { debug: ['DEMO'] } })).toBe('form 1');
  expect(reasons).toEqual([]);
  expect(secretIn({ log: ['PASS', 'DEMO', 'KEYS'] })).toBeUndefined();
  expect(reasons).toEqual(['the service has no secret that must not be shown anywhere']);
  expect(secretIn({}, { kind: 'api-key', keySetting: 'PASS' })).toBe('key250-form 3');
});

test('the answer with a token is not changed, because scripts read it', async () => {
  const given = { headers: JSON_HEADERS, body: '{"token":"a"}' };
  const authentication = { kind: 'login', endpoint: 'ask', token: 'token' };
  expect(await mutantIn('secret-in-a-body', { authentication }).act(given)).toBe(undefined);
  expect(await mutantIn('secret-in-a-body').act(given)).not.toBe(undefined);
});

test('a line of the log shows a secret once', () => {
  const { line } = mutantIn('secret-in-the-log').hooks;
  expect(['a', 'b'].map((output) => line?.(output))).toEqual(['a s3cr3t-k3y', undefined]);
});

test('a line of the log shows a secret in Base64, and a file shows it as it is', () => {
  const { line } = mutantIn('secret-in-base64-in-the-log').hooks;
  expect(line?.('a')).toBe(`a ${Buffer.from('user:s3cr3t-k3y').toString('base64')}`);
  expect(mutantIn('secret-in-a-file').hooks.file?.()).toBe('started with s3cr3t-k3y\n');
});
