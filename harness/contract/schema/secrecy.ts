import { z } from 'zod';
import { endpointName } from '../../../faults/base/name.ts';
import { INTERNALS, TOKEN } from '../../secrecy/find-leaks.ts';

const names = z.array(z.string()).min(1);

/** The secrets that responses, logs and files must not show. */
export const secrecy = z
  .strictObject({
    allowed: z
      .strictObject({
        responses: z
          .record(endpointName, names)
          .default({})
          .describe(
            `what the responses of an endpoint may show, by endpoint: names of secrets, or ${INTERNALS.join(' and ')}`,
          ),
        log: z
          .array(z.string())
          .default([])
          .describe(`the names of the secrets that the log may show; ${TOKEN}: tokens of callers`),
        files: z
          .record(z.string().min(1), names)
          .default({})
          .describe('as for the log, by the path of a file in `${folder}`; * stands for any characters'),
      })
      .prefault({})
      .describe('exceptions; a secret has the name of the setting, header or variable that contains it'),
  })
  .describe(
    'responses, logs and text files in ${folder} show no keys, tokens and passwords of the service, and bodies no stack traces and absolute paths',
  );

/** The names of what else a response must not show. */
export const internals: readonly string[] = INTERNALS;

export { TOKEN };
