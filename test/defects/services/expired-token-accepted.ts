/** Defect: expired tokens are accepted. */
import { createSecretKey } from 'node:crypto';
import { compactVerify } from 'jose';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('stress/smoke', 'endpoints-ask-for-proof', 'requires credentials: activities-suggest');

if (import.meta.main)
  await runWithParts(({ authentication }, { secretKey }) => {
    const key = createSecretKey(secretKey, 'utf8');
    return {
      authentication: async (request, response, next) => {
        const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
        const verified = await compactVerify(token, key).catch(() => undefined);
        if (!verified) return authentication(request, response, next);
        response.locals.userId = JSON.parse(new TextDecoder().decode(verified.payload)).sub;
        next();
      },
    };
  });
