/** Defect: the limiter lets all requests through for 10 s after a query failed. */
import type { RequestHandler } from 'express';
import { caughtBy } from '../defect.ts';
import { runWithParts, watchQueries } from '../run-with.ts';

export const caught = caughtBy('stress/limit-costs', 'rate-limit-after-trouble', 'limit holds after trouble: …');

const OFF_MS = 10_000;

if (import.meta.main)
  await runWithParts(({ database, limiters }) => {
    let offUntil = 0;
    const failing =
      (limiter: RequestHandler): RequestHandler =>
      (request, response, next) =>
        Date.now() < offUntil ? next() : limiter(request, response, next);
    const changed = Object.entries(limiters).map(([name, limiter]) => [name, failing(limiter)]);
    return {
      limiters: Object.fromEntries(changed) as typeof limiters,
      database: watchQueries(database, (error) => {
        offUntil = Date.now() + OFF_MS;
        return error;
      }),
    };
  });
