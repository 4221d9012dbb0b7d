import { z } from 'zod';
import { parseFields } from '../../faults/base/parse-fields.ts';
import { Refusal } from '../../faults/base/refusal.ts';
import type { Operation } from '../../faults/control/operation.ts';
import { ProofloadError } from '../base/errors.ts';

const fields = { signal: z.enum(['SIGTERM', 'SIGKILL']).describe('SIGTERM or SIGKILL') };

/** Creates `POST /service/restarts` for any API that can restart a service. */
export const restartOperation = (restart: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>): Operation => ({
  method: 'post',
  path: '/service/restarts',
  does: 'stops the service by a signal (SIGTERM, SIGKILL) and starts it again; returns when it is ready',
  body: z.strictObject(fields),
  prepare({ body }) {
    const { signal } = parseFields(fields, body, 'restart');
    return async () => {
      await restart(signal).catch((error) => {
        // The script reports it. It is not a defect of the API, for which the stack would be printed.
        throw error instanceof ProofloadError ? new Refusal('internal', error.message, 500) : error;
      });
      return { signal };
    };
  },
});
