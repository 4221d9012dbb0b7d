import { z } from 'zod';
import { name } from '../../../faults/base/name.ts';

const isReachable = (url: string): boolean => URL.canParse(url) && new URL(url).port !== '0';

/** The address of a running service, without credentials, a path or a query. */
const ADDRESS = /^https?:\/\/[^\s/@?#]+\/?$/;

const running = z
  .strictObject({
    url: z
      .string()
      .regex(ADDRESS, 'must be an address without a path, such as http://127.0.0.1:8000')
      .refine(isReachable, 'must have a host and a port from 1 to 65535')
      .describe('its address; if it is not in 127.0.0.0/8, each command needs --allow-host'),
    log: z
      .string()
      .optional()
      .describe('the log file of the service, which is read while a scenario runs, and copied to the results'),
  })
  .describe('a service that is already running; proofload does not start, configure or stop it');

const container = z
  .strictObject({
    image: z.string().min(1).optional().describe('an image, such as ghcr.io/acme/shop:main'),
    dockerfile: z
      .string()
      .min(1)
      .optional()
      .describe("a Dockerfile, relative to the contract's folder, which is built in its folder, once for each run"),
  })
  .refine(
    ({ image, dockerfile }) => (image === undefined) !== (dockerfile === undefined),
    'needs an image or a dockerfile',
  )
  .describe(
    'the container in which the service runs, with the network of this machine; `command` replaces the ' +
      'command of the image, and `workers` run in containers of the same image',
  );

/** How to start the service, or the address of a service that is already running. */
export const start = z
  .strictObject({
    command: z
      .array(z.string())
      .min(1)
      .optional()
      .describe(
        "the command that starts the service, in the contract's folder (--command: in the working directory). " +
          'From your shell, the process inherits only PATH, HOME, USER, LANG, TZ and TMPDIR. Needed without ' +
          '`container` or `running`',
      ),
    container: container.optional(),
    workers: z
      .record(name, z.array(z.string()).min(1))
      .optional()
      .describe(
        'commands of further processes that belong to the service, such as a worker for its jobs. They are ' +
          'started before `command`, with the same settings and in the same folder. Signals reach all of them, and ' +
          'their output is in the log of the service. If one ends by itself, the others are stopped, and the ' +
          'scenario fails',
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
    ({ command, container, running }) => (command ?? container) !== undefined || running !== undefined,
    'needs one of command, container and running',
  )
  .refine(
    ({ command, container, workers, running }) =>
      running === undefined || [command, container, workers].every((way) => way === undefined),
    'running excludes command, container and workers',
  )
  .refine(
    ({ container, cwd }) => container === undefined || cwd === undefined,
    'cwd excludes container: WORKDIR sets it',
  );
