import { z } from 'zod';

const failure = z.union(
  [z.int().min(400).max(599), z.enum(['4xx', '5xx', 'timeout', 'connection', 'body'])],
  'must be a status from 400 to 599, 4xx, 5xx, timeout, connection or body',
);

/** A service's promises about its calls to an upstream. The fakes don't use them. */
export const promisedCalls = z
  .strictObject({
    attempts: z
      .int()
      .min(1)
      .max(10)
      .default(1)
      .describe(
        'maximum number of requests for one failing call, including the first, in all layers together: a client ' +
          'with 3 attempts inside a gateway with 3 attempts sends 9',
      ),
    on: z
      .array(failure)
      .min(1)
      .optional()
      .describe(
        'failures after which all attempts are made, until one gets an answer, which the caller gets: a status, 4xx, 5xx, ' +
          'timeout, connection (refused or reset), or body (an unusable response). Leave it out if some endpoints do not retry, such as streams; default: any number up to `attempts`',
      ),
    never: z
      .array(failure)
      .default([])
      .describe(
        'failures after which a request is never retried, such as 4xx. A specific status in `on` or `never` ' +
          'overrides its class in the other',
      ),
    retryAfter: z
      .enum(['honoured', 'capped'])
      .optional()
      .describe(
        'whether attempts wait for the Retry-After of the upstream, in seconds or as a date; `capped`: unless it ' +
          'is absurdly long, such as a day; default: not judged',
      ),
    hints: z
      .array(z.enum(['retry-after-ms', 'x-should-retry']))
      .default([])
      .describe(
        "headers of the upstream's responses that also decide: retry-after-ms, and x-should-retry (true or false), " +
          'which overrides `on` and `never`; the openai client obeys both',
      ),
    backoff: z
      .strictObject({
        minSeconds: z
          .number()
          .min(0)
          .refine(
            (seconds) => seconds === 0 || seconds >= 0.05,
            'is too short to be measured; write 0 or at least 0.05',
          )
          .default(0)
          .describe(
            'the shortest time before a retry, unless Retry-After says otherwise: at least 0.05, or 0, which is not ' +
              'judged',
          ),
        maxSeconds: z
          .number()
          .positive()
          .optional()
          .describe(
            'the longest time before a retry, unless Retry-After says otherwise, with a tolerance of 0.15 s; default: not judged',
          ),
        totalSeconds: z
          .number()
          .positive()
          .optional()
          .describe(
            'the longest time of all waits of a call together, unless Retry-After says otherwise, with a tolerance of ' +
              '0.15 s; default: not judged',
          ),
        jitter: z
          .boolean()
          .default(false)
          .describe(
            'whether the time before the second attempt varies at random, by at least 25% of its median, also between ' +
              'calls that fail at the same time, so that callers whose calls failed together do not retry together',
          ),
      })
      .refine(({ minSeconds, maxSeconds = minSeconds }) => maxSeconds >= minSeconds, {
        path: ['maxSeconds'],
        message: 'is less than minSeconds',
      })
      .refine(({ minSeconds, totalSeconds = minSeconds }) => totalSeconds >= minSeconds, {
        path: ['totalSeconds'],
        message: 'is less than minSeconds',
      })
      .optional()
      .describe('the waits between attempts; default: not judged'),
    budgetSeconds: z
      .number()
      .positive()
      .optional()
      .describe(
        'seconds within which all attempts of a call are made and answered, including timeouts and whatever ' +
          'Retry-After says, unless `onFault` promises another time; tolerance: 0.5 s. Default: 5 for each attempt ' +
          'if the upstream fails at once',
      ),
    timedOut: z
      .enum(['ends', 'continues'])
      .optional()
      .describe(
        '`ends`: a call that timed out ends at the upstream, at most 0.5 s after its caller got an answer. ' +
          '`continues`: it may go on there, as with a timeout that only stops waiting (Promise.race, opossum ' +
          'without an AbortController). Default: `ends` if the contract promises `callTimeoutSeconds` or `cancels`, ' +
          'otherwise not judged',
      ),
  })
  .superRefine(({ attempts, on = [], never, hints, retryAfter, backoff }, { addIssue }) => {
    const twice = on.find((candidate) => never.includes(candidate));
    if (twice !== undefined) addIssue({ code: 'custom', path: ['never'], message: `${twice} is in "on" as well` });
    for (const [field, isSet] of Object.entries({
      on: on.length > 0,
      hints: hints.length > 0,
      backoff: backoff !== undefined,
    })) {
      if (attempts > 1 || !isSet) continue;
      addIssue({ code: 'custom', path: [field], message: 'needs more than one attempt; set `attempts`' });
    }
    if (hints.includes('retry-after-ms') && retryAfter === undefined) {
      addIssue({
        code: 'custom',
        path: ['hints'],
        message: 'retry-after-ms needs `retryAfter`, which says if it is capped',
      });
    }
  })
  .describe('what the service promises about its calls to this upstream; default: no retries');

export type PromisedCalls = z.output<typeof promisedCalls>;
