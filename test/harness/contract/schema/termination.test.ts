import { expect, test } from 'vitest';
import { contractSchema } from '../../../../harness/contract/contract.ts';
import reference from '../../../../service/proofload.config.ts';

const parsed = (termination: object) => contractSchema.safeParse({ ...reference, termination });

test('new requests may be served until the service must have ended, and not longer', () => {
  const promise = { graceSeconds: 5, inFlight: 'finished' };
  expect(parsed(promise).data?.termination).toEqual({ ...promise, signal: 'SIGTERM', drainSeconds: 0 });
  expect(parsed({ ...promise, drainSeconds: 4 }).success).toBe(true);
  expect(parsed({ ...promise, drainSeconds: 5 }).error?.issues).toMatchObject([
    { path: ['termination', 'drainSeconds'], message: 'must be less than graceSeconds' },
  ]);
});

test('a service can be told to end by another signal, but not by one that it can not handle', () => {
  const promise = { graceSeconds: 5, inFlight: 'finished' };
  expect(parsed({ ...promise, signal: 'SIGQUIT' }).data?.termination).toMatchObject({ signal: 'SIGQUIT' });
  for (const signal of ['SIGKILL', 'SIGSTOP', 'QUIT', 'sigquit']) {
    expect(parsed({ ...promise, signal }).error?.issues).toMatchObject([{ path: ['termination', 'signal'] }]);
  }
});
