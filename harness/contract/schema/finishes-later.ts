import { z } from 'zod';
import { type fallback, servedWithoutOf } from './fallback.ts';

/** Work that an endpoint accepts while an upstream fails, and that the service finishes by itself later. */
export const finishesLater = z
  .strictObject({
    accepted: z
      .array(z.int().min(200).max(599))
      .min(1)
      .describe(
        'statuses with which the work is accepted while an upstream fails, such as 202, or an error whose body ' +
          'says that the work is pending',
      ),
    upstreams: z
      .array(z.string())
      .min(1)
      .optional()
      .describe(
        'the HTTP upstreams that each get exactly one successful request for a call, and no request after it. ' +
          'Leave out those whose step may be repeated. If only a worker calls an upstream, list it here and not in ' +
          '`reaches`; default: those of `reaches` that are not optional',
      ),
    withinSeconds: z
      .number()
      .positive()
      .max(600)
      .describe(
        'the work is finished within this many seconds after the upstream has recovered, without another call; ' +
          'tolerance: 0.5 s. The scenario watches for twice this time for each upstream, so use short intervals',
      ),
    survives: z
      .enum(['SIGTERM', 'SIGKILL'])
      .optional()
      .describe(
        'a signal that may stop the service before the upstream recovers: the next process then finishes the ' +
          'work. After SIGKILL, `withinSeconds` includes the time until it may take over the work; default: not ' +
          'judged',
      ),
  })
  .optional()
  .describe('the endpoint accepts work while an upstream fails, and the service finishes it later, exactly once');

/** The part of an endpoint that says which upstreams get its work. */
interface Working {
  readonly reaches: readonly string[];
  readonly servedWithout: readonly string[];
  readonly fallback?: z.output<typeof fallback>;
  readonly finishesLater?: z.output<typeof finishesLater>;
}

/** Returns the upstreams that get the work which an endpoint accepts, in order. They may be TCP servers by default. */
export function workedBy(endpoint: Working): string[] {
  if (!endpoint.finishesLater) return [];
  const optional = servedWithoutOf(endpoint);
  return [
    ...new Set(endpoint.finishesLater.upstreams ?? endpoint.reaches.filter((upstream) => !optional.includes(upstream))),
  ];
}
