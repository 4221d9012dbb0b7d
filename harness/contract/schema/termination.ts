import { z } from 'zod';

/** The signals with which orchestrators ask services to end: `STOPSIGNAL` of an image, `KillSignal` of systemd. */
export const endSignals = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const;

/** A signal that ends a service: the one that asks it to end, or SIGKILL. */
export type EndSignal = (typeof endSignals)[number] | 'SIGKILL';

/** How the service ends at SIGTERM. */
export const termination = z
  .strictObject({
    signal: z
      .enum(endSignals)
      .default('SIGTERM')
      .describe(
        'the signal that asks the service to end, such as SIGQUIT for nginx: the `STOPSIGNAL` of its image. Everything ' +
          'that is said about SIGTERM applies to it. Only the main process gets it. What is left of the other ' +
          'processes when the main process has exited is killed, as a container engine does',
      ),
    graceSeconds: z
      .number()
      .positive()
      .max(60)
      .describe(
        'seconds from SIGTERM until the process has exited, even if an upstream never responds; tolerance: 0.5 s',
      ),
    inFlight: z
      .enum(['finished', 'refused-with-503'])
      .describe(
        '`finished`: requests in progress at SIGTERM are served, and so are those that are accepted within ' +
          '`drainSeconds`. `refused-with-503`: they are served or get 503',
      ),
    streams: z
      .enum(['finished', 'error'])
      .optional()
      .describe(
        '`finished`: streams in progress at SIGTERM are finished. `error`: they are finished, end with an error ' +
          'that their callers can recognize, or get 503; an aborted response is not enough. Default: `finished` if ' +
          '`inFlight` is, otherwise `error`',
      ),
    drainSeconds: z
      .number()
      .nonnegative()
      .default(0)
      .describe(
        'seconds from SIGTERM in which new requests are still served, so that load balancers can react. With ' +
          '`ready`, some must be served once the service is not ready. After that time, the port is closed, or they ' +
          'get 503; tolerance: 0.5 s',
      ),
    ready: z
      .string()
      .optional()
      .describe(
        'the endpoint that load balancers poll. From 0.5 s after SIGTERM on, or as soon as a new request has been ' +
          'refused, it must no longer be served. With `drainSeconds`, it must stop being served before new requests ' +
          'are refused; default: not judged',
      ),
    exitCode: z
      .int()
      .min(0)
      .max(255)
      .optional()
      .describe(
        'the exit code after SIGTERM; default: 0, 128 plus the number of the signal, or termination by the signal itself',
      ),
  })
  .refine(({ drainSeconds, graceSeconds }) => drainSeconds < graceSeconds, {
    path: ['drainSeconds'],
    message: 'must be less than graceSeconds',
  })
  .optional()
  .describe('how the service ends on SIGTERM');
