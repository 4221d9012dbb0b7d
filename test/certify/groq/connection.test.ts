import { APIConnectionError, APIConnectionTimeoutError, APIUserAbortError } from 'groq-sdk';
import { expect, test } from 'vitest';
import { errorOf } from '../support/error-of.ts';
import { requestsOf } from '../support/requests-of.ts';
import { useFakes } from '../support/use-fakes.ts';
import { groqOf, QUESTION } from './client.ts';

const fakes = await useFakes();
const groq = groqOf(fakes, { maxRetries: 0 });
const complete = () => groq.chat.completions.create(QUESTION);

function codeOf(error: { code?: string; cause?: object } | undefined): string | undefined {
  return error?.code ?? (error && codeOf(error.cause));
}

test.each([
  ['reset', 'ECONNRESET'],
  ['refuse', 'ECONNREFUSED'],
])('%s is an APIConnectionError', async (kind, code) => {
  await fakes.addFault('groq', { kind });
  const error = await errorOf(complete());
  expect(error.constructor).toBe(APIConnectionError);
  expect(codeOf(error)).toBe(code);
});

test.each([
  ['expired', 'CERT_HAS_EXPIRED'],
  ['wrong-host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['unknown-ca', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
])('a certificate that is %s is an APIConnectionError without a request', async (kind, code) => {
  await fakes.useCertificate('groq', kind);
  const requests = await requestsOf(fakes, async () => {
    const error = await errorOf(complete());
    expect(error.constructor).toBe(APIConnectionError);
    expect(codeOf(error)).toBe(code);
  });
  expect(requests).toEqual([]);
});

test('a missing response is an APIConnectionTimeoutError', async () => {
  await fakes.addFault('groq', { kind: 'hang' });
  const requests = await requestsOf(fakes, async () => {
    const error = await errorOf(groq.chat.completions.create(QUESTION, { timeout: 200 }));
    expect(error.constructor).toBe(APIConnectionTimeoutError);
  });
  expect(requests).toMatchObject([{ status: null, outcome: 'client-gone' }]);
});

test('a call that the user aborts is an APIUserAbortError', async () => {
  await fakes.addFault('groq', { kind: 'hang' });
  const call = groq.chat.completions.create(QUESTION, { signal: AbortSignal.timeout(100) });
  expect(await errorOf(call)).toBeInstanceOf(APIUserAbortError);
});
