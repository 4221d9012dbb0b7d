import { z } from 'zod';

const isReachable = (url: string): boolean => URL.canParse(url) && new URL(url).port !== '0';

const running = z
  .strictObject({
    url: z
      .string()
      .regex(/^http:\/\/127(\.\d{1,3}){3}(:\d+)?\/?$/, 'must be on this machine, such as http://127.0.0.1:8000')
      .refine(isReachable, 'must have an address in 127.0.0.0/8 and a port from 1 to 65535'),
    log: z.string().optional().describe('the log file of the service, which is read while a scenario runs'),
  })
  .describe('a service that is already running; proofload does not start, configure or stop it');

/** How to start the service, or the address of a service that is already running. */
export const start = z
  .strictObject({
    command: z
      .array(z.string())
      .min(1)
      .optional()
      .describe(
        "the command that starts the service, in the contract's folder; the lab fills in ${…}. Either this or running",
      ),
    cwd: z
      .string()
      .min(1)
      .optional()
      .describe("the folder in which the command runs, relative to the contract's folder, which is the default"),
    running: running.optional(),
    readyPath: z.string().startsWith('/').describe('a path that responds with 2xx when the service is ready'),
    readySeconds: z.number().positive().describe('seconds until the service must be ready'),
  })
  .refine(
    ({ command, running }) => (command === undefined) !== (running === undefined),
    'needs either command or running',
  );
