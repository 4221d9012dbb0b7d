/** Defect: two callers whose answers are ready at the same time get each other's. */
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/smoke',
  'endpoints-reach-upstreams',
  'callers kept apart: answers of conversation-end',
);

/** How long an answer waits for that of another caller, in milliseconds. */
const TOGETHER_MS = 50;

/** An answer that waits: its body, and what sends another one in its place. */
interface Waiting {
  readonly body: unknown;
  send(body: unknown): void;
}

if (import.meta.main)
  await runWithParts(({ limiters }) => {
    let waiting: Waiting | undefined;
    return {
      limiters: {
        ...limiters,
        conversationsEnd(request, response, next) {
          const json = response.json.bind(response);
          response.json = (body) => {
            if (waiting !== undefined) {
              const { body: others, send } = waiting;
              waiting = undefined;
              send(body);
              return json(others);
            }
            const own = { body, send: json };
            waiting = own;
            setTimeout(() => {
              if (waiting !== own) return;
              waiting = undefined;
              json(body);
            }, TOGETHER_MS);
            return response;
          };
          limiters.conversationsEnd(request, response, next);
        },
      },
    };
  });
