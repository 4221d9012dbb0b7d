/** Defect: while one client is over its limit, all other clients are refused as well. */
import type { RequestHandler } from 'express';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('stress/limit-benefit', 'limit-benefit', 'serves others beside an abuser');

const REFUSED_MS = 1_000;

if (import.meta.main)
  await runWithParts(({ limiters }) => {
    let until = 0;
    const forEverybody: RequestHandler = (request, response, next) => {
      if (Date.now() < until) {
        response
          .set('Retry-After', '1')
          .status(429)
          .json({ error: { code: 'rate_limited', message: 'Later.' } });
        return;
      }
      response.once('finish', () => {
        if (response.statusCode === 429) until = Date.now() + REFUSED_MS;
      });
      limiters.conversationsEnd(request, response, next);
    };
    return { limiters: { ...limiters, conversationsEnd: forEverybody } };
  });
