import { z } from 'zod';

/** The longest window, in seconds. Nothing longer can be judged in a run. */
const LONGEST = 300;

const amount = z.int().min(1).max(1_000_000).optional();

/** A service's promise never to use more of an HTTP upstream than its quota. The fakes don't use it. */
export const promisedQuota = z
  .strictObject({
    requests: amount.describe(
      'maximum number of requests that reach the upstream in any window of `per`, all attempts included; default: not judged',
    ),
    tokens: amount.describe(
      'maximum number of tokens, prompts and answers together, of the requests that reach it in any window of `per`. ' +
        'The usage that the fake reports counts, when the request arrives; default: not judged',
    ),
    per: z
      .union([z.enum(['second', 'minute']), z.number().min(1).max(LONGEST)])
      .describe(
        `the length of the window: second, minute, or a number of seconds from 1 to ${LONGEST}. ` +
          '`chaos/quota` takes about two windows, so let the service have a short one in `conditions.small-quotas`',
      ),
    beyond: z
      .union([z.literal('queued'), z.int().min(400).max(599)], 'must be queued, or a status from 400 to 599')
      .optional()
      .describe(
        'what a call beyond the quota gets: the status with which it is refused, or `queued` if it waits and is served ' +
          'later; default: it is served later, or gets any error except 500',
      ),
    obeys: z
      .array(z.enum(['retry-after', 'remaining']))
      .default(['retry-after', 'remaining'])
      .describe(
        'the headers of the upstream after which no call reaches it for the time that they say: `retry-after` in a 429, ' +
          'as seconds or as a date; `remaining`: a remaining number of 0, until the reset (`x-ratelimit-remaining-*` and ' +
          '`x-ratelimit-reset-*`, `anthropic-ratelimit-*`); default: both',
      ),
  })
  .refine(({ requests, tokens }) => requests !== undefined || tokens !== undefined, {
    message: 'needs `requests` or `tokens`',
  })
  .describe(
    'how much of this upstream the service uses at most, such as its rate limits: requests and tokens in a time; ' +
      'default: not judged',
  );

export type PromisedQuota = z.output<typeof promisedQuota>;

const NAMED = { second: 1, minute: 60 };

/** Returns the length of a quota's window in seconds. */
export const secondsOf = ({ per }: Pick<PromisedQuota, 'per'>): number => (typeof per === 'number' ? per : NAMED[per]);
