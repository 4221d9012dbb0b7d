/** Defect: token signatures are not verified. */
import { decodeJwt } from 'jose';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('stress/smoke', 'endpoints-ask-for-proof', 'requires credentials: conversation-end');

if (import.meta.main)
  await runWithParts(({ authentication }) => ({
    authentication: (request, response, next) => {
      const token = request.headers.authorization?.replace(/^Bearer /, '');
      if (token === undefined) return authentication(request, response, next);
      response.locals.userId = decodeJwt(token).sub;
      next();
    },
  }));
