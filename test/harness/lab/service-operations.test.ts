import { expect, test } from 'vitest';
import { Refusal } from '../../../faults/base/refusal.ts';
import { ProofloadError } from '../../../harness/base/errors.ts';
import { restartOperation } from '../../../harness/lab/service-operations.ts';

const restarted = async (error: Error) => {
  const { prepare } = restartOperation(() => Promise.reject(error));
  return prepare({ params: {}, query: {}, body: { signal: 'SIGTERM' } })(undefined as never);
};

test('a service that does not start again is told to the script, without a stack', async () => {
  const notReady = new ProofloadError('SERVICE_NOT_READY', 'shop is not ready: no 2xx from /ready');
  await expect(restarted(notReady)).rejects.toEqual(new Refusal('internal', notReady.message, 500));
  const defect = new TypeError('no such function');
  await expect(restarted(defect)).rejects.toBe(defect);
});
