import { z } from 'zod';
import { parseFields } from '../../faults/base/parse-fields.ts';
import { Refusal } from '../../faults/base/refusal.ts';
import type { Operation } from '../../faults/control/operation.ts';
import { ProofloadError } from '../base/errors.ts';
import { type EndSignal, endSignals } from '../contract/schema/termination.ts';

const signals = [...endSignals, 'SIGKILL'] as const;
const fields = { signal: z.enum(signals).describe(signals.join(', ')) };
const freeze = { seconds: z.number().positive().max(60).describe('a number of seconds, at most 60') };

/** Creates `POST /service/restarts` for any API that can restart a service. */
export const restartOperation = (restart: (signal: EndSignal) => Promise<void>): Operation => ({
  method: 'post',
  path: '/service/restarts',
  does: 'stops the service by a signal, such as SIGTERM or SIGKILL, and starts it again; returns when it is ready',
  body: z.strictObject(fields),
  prepare({ body }) {
    const { signal } = parseFields(fields, body, 'restart');
    return async () => {
      await restart(signal).catch(refuse);
      return { signal };
    };
  },
});

/** Creates the operations that stop a service for a moment, and that wait for its end. */
export const freezeOperations = (service: {
  freeze(seconds: number): Promise<void>;
  awaitThaw(): Promise<void>;
}): Operation[] => [
  {
    method: 'post',
    path: '/service/freezes',
    does: 'stops all processes of the service for a number of seconds; returns when they are stopped',
    body: z.strictObject(freeze),
    prepare({ body }) {
      const { seconds } = parseFields(freeze, body, 'freeze');
      return async () => {
        await service.freeze(seconds).catch(refuse);
        return { seconds };
      };
    },
  },
  {
    method: 'get',
    path: '/service/freezes',
    does: 'waits until the service continues after it was stopped for a moment',
    prepare: () => async () => {
      await service.awaitThaw();
      return {};
    },
  },
];

/** The script reports the error. It is not a defect of the API, for which the stack would be printed. */
function refuse(error: unknown): never {
  throw error instanceof ProofloadError ? new Refusal('internal', error.message, 500) : error;
}
