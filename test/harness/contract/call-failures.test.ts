import { expect, test } from 'vitest';
import { repeatedFailure } from '../../../harness/contract/call-failures.ts';
import { type PromisedCalls, promisedCalls } from '../../../mocks/promised-calls.ts';

const calls = (on?: PromisedCalls['on']): PromisedCalls => promisedCalls.parse({ attempts: 2, on, never: [503] });

test.each([
  [undefined, { kind: 'status', status: 503 }],
  [['5xx', 429], { kind: 'status', status: 429 }],
  [['5xx'], { kind: 'status', status: 500 }],
  [['timeout', 'connection'], { kind: 'reset' }],
  [['body'], { kind: 'malformed-json' }],
  [['timeout'], { kind: 'hang' }],
] as const)('after %j, another attempt is promised for a failure that is listed', (on, failure) => {
  expect(repeatedFailure(calls(on === undefined ? on : [...on]))).toEqual(failure);
});
