/** Defect: the limiter lets all requests through for 10 s after an upstream failed. */
import type { RequestHandler } from 'express';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('stress/limit-costs', 'rate-limit-after-trouble', 'limit holds after trouble: …');

const OFF_MS = 10_000;

if (import.meta.main)
  await runWithParts(({ limiters }) => {
    let offUntil = 0;
    const failing =
      (limiter: RequestHandler): RequestHandler =>
      (request, response, next) => {
        response.once('finish', () => {
          if (response.statusCode >= 500) offUntil = Date.now() + OFF_MS;
        });
        if (Date.now() < offUntil) next();
        else limiter(request, response, next);
      };
    const changed = Object.entries(limiters).map(([name, limiter]) => [name, failing(limiter)]);
    return { limiters: Object.fromEntries(changed) as typeof limiters };
  });
