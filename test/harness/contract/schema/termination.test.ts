import { expect, test } from 'vitest';
import { contractSchema } from '../../../../harness/contract/contract.ts';
import { danglingNames } from '../../../../harness/contract/dangling-names.ts';
import reference from '../../../../service/proofload.config.ts';
import assistant from '../../../defects/upstreams/assistant.ts';

const parsed = (termination: object) => contractSchema.safeParse({ ...reference, termination });

test('new requests may be served until the service must have ended, and not longer', () => {
  const promise = { graceSeconds: 5, inFlight: 'finished' };
  expect(parsed(promise).data?.termination).toEqual({ ...promise, drainSeconds: 0 });
  expect(parsed({ ...promise, drainSeconds: 4 }).success).toBe(true);
  expect(parsed({ ...promise, drainSeconds: 5 }).error?.issues).toMatchObject([
    { path: ['termination', 'drainSeconds'], message: 'must be less than graceSeconds' },
  ]);
});

test('a promise about streams needs an endpoint with a stream', () => {
  const termination = { graceSeconds: 5, inFlight: 'finished', streams: 'error' };
  const { ask, ...others } = assistant.endpoints;
  const problems = (endpoints: object) => danglingNames(contractSchema.parse({ ...assistant, endpoints, termination }));
  expect(problems({ ask, ...others })).toEqual([]);
  expect(problems({ ask, health: others.health })).toEqual([
    { path: ['termination', 'streams'], message: 'no endpoint promises a stream; add `stream` to one' },
  ]);
});

test('the endpoint for readiness must exist', () => {
  const contract = contractSchema.parse({
    ...reference,
    termination: { graceSeconds: 5, inFlight: 'finished', ready: 'redy' },
  });
  expect(danglingNames(contract)).toMatchObject([
    {
      path: ['termination', 'ready'],
      message: expect.stringMatching(/^there is no "redy"; there are conversation-end/),
    },
  ]);
});
