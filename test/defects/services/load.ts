import { createSecretKey } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { compactVerify, decodeJwt } from 'jose';
import { ServiceError } from '../../../service/base/errors.ts';
import type { BreakerState } from '../../../service/protections/circuit-breaker.ts';
import { caughtBy, runNamed } from '../defect.ts';
import { PlainBreaker, withLlmBreaker } from '../plain-breaker.ts';
import { aroundBreaker, checkQueries, withLimiter, withParts, withQuery } from '../run-with.ts';

/** A day in milliseconds, which is what a hostile upstream asks for. */
const A_DAY_MS = 86_400_000;

export const defects = [
  ...caughtBy('chaos/count-429', 'recovers', {
    // A breaker that was opened by a 429 stays open for as long as the 429's Retry-After says.
    'breaker-open-as-long-as-an-upstream-asks': {
      check: 'steady state after',
      run: withLlmBreaker(
        class extends PlainBreaker {
          protected override failed(began: BreakerState, error?: unknown) {
            super.failed(began, error);
            if (this.state === 'open' && String(error).includes('answered 429')) this.openedAt += A_DAY_MS;
          }
        },
      ),
    },
  }),
  ...caughtBy('chaos/llm-outage', 'recovers', {
    // Once a breaker has opened, an unrelated endpoint stays broken.
    'page-lost-in-an-outage': {
      check: 'steady state after',
      run: withParts(({ breakers: { llm, memory }, limiters }) => {
        let lost = false;
        return {
          breakers: {
            llm: aroundBreaker(llm, {
              refusal: () => {
                lost ||= llm.state === 'open';
                return llm.refusal();
              },
            }),
            memory,
          },
          limiters: {
            ...limiters,
            openapi: (request, response, next) =>
              lost ? response.status(500).end() : limiters.openapi(request, response, next),
          },
        };
      }),
    },
  }),
  ...caughtBy('load/ramp', 'bears-its-load', {
    // An endpoint responds to every twentieth call with 500.
    'every-twentieth-call-fails': {
      check: 'capacity: conversation-read',
      run: withLimiter('conversationsRead', (limiter) => {
        let calls = 0;
        return (request, response, next) => {
          calls += 1;
          if (calls % 20 === 0) response.status(500).end();
          else limiter(request, response, next);
        };
      }),
    },
    // Reads run one at a time, so the service handles less load than promised.
    'reads-one-at-a-time': {
      check: 'capacity: conversation-read',
      run: withLimiter('conversationsRead', (limiter) => {
        let last: Promise<void> = Promise.resolve();
        return async (request, response, next) => {
          last = last.then(() => pause(40));
          await last;
          limiter(request, response, next);
        };
      }),
    },
  }),
  ...caughtBy('load/soak', 'bears-a-soak', {
    // Memory that is allocated for a read is never released.
    'reads-keep-their-memory': {
      check: 'memory does not grow in a soak',
      run: withQuery((database) => {
        const kept: Buffer[] = [];
        return (statement, values) => {
          kept.push(Buffer.alloc(300_000, 1));
          return database.query(statement, values);
        };
      }),
    },
  }),
  ...caughtBy('load/spike', 'survives-a-spike', {
    // After a spike of reads, all reads are rejected for a while.
    'spike-remembered-too-long': {
      check: 'recovers after a spike',
      run: withParts(({ database }) => {
        let until = 0;
        return {
          database: checkQueries(database, (inFlight) => {
            if (inFlight > 5) until = Date.now() + 8_000;
            if (Date.now() < until)
              throw new ServiceError('database_pool_exhausted', 'later', { retryAfterSeconds: 1 });
          }),
        };
      }),
    },
  }),
  ...caughtBy('stress/smoke', 'endpoints-ask-for-proof', {
    // Expired tokens are accepted.
    'expired-token-accepted': {
      check: 'requires credentials: activities-suggest',
      run: withParts(({ authentication }, { secretKey }) => {
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
      }),
    },
    // Token signatures are not verified.
    'token-signature-not-verified': {
      check: 'requires credentials: conversation-end',
      run: withParts(({ authentication }) => ({
        authentication: (request, response, next) => {
          const token = request.headers.authorization?.replace(/^Bearer /, '');
          if (token === undefined) return authentication(request, response, next);
          response.locals.userId = decodeJwt(token).sub;
          next();
        },
      })),
    },
  }),
  ...caughtBy('stress/smoke', 'endpoints-ask-for-proof', {
    // A conversation is found by its ID alone, so any user can read it.
    'row-of-another-user-shown': {
      check: 'requires credentials: conversation-read',
      says: 'found by its key alone',
      run: withQuery((database) => (statement, values) => {
        const ofAnybody = statement.replace(
          'conversation_id = $1 AND user_id = $2',
          'conversation_id = $1 AND $2::text <> $1',
        );
        return database.query<never>(ofAnybody, values);
      }),
    },
  }),
  ...caughtBy('stress/smoke', 'endpoints-served', {
    // An endpoint responds with 500.
    'endpoint-fails': {
      check: 'serves openapi',
      run: withLimiter('openapi', () => (_request, response) => response.status(500).end()),
    },
  }),
];

if (import.meta.main) await runNamed(defects);
