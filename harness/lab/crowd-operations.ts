import { type ClientRequest, request } from 'node:http';
import { z } from 'zod';
import { parseFields } from '../../faults/base/parse-fields.ts';
import { wholeBody } from '../../faults/base/whole-body.ts';
import type { Operation } from '../../faults/control/operation.ts';
import { meaningOf } from '../callers/meaning-of.ts';
import { meaning } from '../contract/schema/meanings.ts';
import { composedFields } from './reader-operations.ts';

const fields = {
  ...composedFields,
  callers: z.int().positive().max(2_000).describe('number of callers, each of which sends one request'),
  seconds: z.number().positive().max(60).describe('how long requests may be started'),
  windowSeconds: z.number().positive().describe('the length of the windows in which callers are counted'),
  isByClock: z.boolean().default(false).describe('whether these windows begin at multiples of their length'),
  meanings: z.array(meaning).default([]).describe('conditions on responses, and the statuses for which they stand'),
};

/** Number of concurrent requests, and how long one may take, in milliseconds. */
const [IN_FLIGHT, REQUEST_MS] = [8, 10_000];

/**
 * Returns the operation for a crowd: callers of which each sends one request. In headers, `${caller}` is the address of
 * the caller. Without it, each caller has its own loopback address. An engine has at most 250 addresses.
 *
 * @param url Returns the URL at which the service is called.
 */
export function crowdOperations(url: () => string): Operation[] {
  return [
    {
      method: 'post',
      path: '/crowds',
      does:
        'calls the service as many different callers; returns the number of responses with each status, and the largest ' +
        'number of each in one window',
      body: z.strictObject(fields),
      prepare({ body: requested }) {
        const { callers, seconds, windowSeconds, isByClock, meanings, ...composed } = parseFields(
          fields,
          requested,
          'crowds',
        );
        return async () => {
          const answeredAt: Record<string, number[]> = {};
          const until = performance.now() + seconds * 1_000;
          let next = 0;
          const worker = async () => {
            while (next < callers && performance.now() < until) {
              next += 1;
              const { status } = meaningOf(meanings, await answerTo(url(), composed, next));
              answeredAt[status] = [...(answeredAt[status] ?? []), Date.now()];
            }
          };
          await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
          const each = (count: (times: readonly number[]) => number) =>
            Object.fromEntries(Object.entries(answeredAt).map(([status, times]) => [status, count(times)]));
          const windowMs = windowSeconds * 1_000;
          return {
            statuses: each(({ length }) => length),
            inOneWindow: each((times) => mostIn(times, windowMs, isByClock)),
          };
        };
      },
    },
  ];
}

/** Returns the largest number of times in one window. They are in order. */
function mostIn(times: readonly number[], windowMs: number, isByClock: boolean): number {
  const endOf = (from: number) => (isByClock ? (Math.floor(from / windowMs) + 1) * windowMs : from + windowMs);
  return Math.max(...times.map((from, index) => times.slice(index).filter((at) => at < endOf(from)).length));
}

type Composed = Pick<z.output<z.ZodObject<typeof fields>>, 'method' | 'path' | 'headers' | 'body'>;

/** Returns the last two bytes of the n-th caller's address. No other client is in its network. */
const host = (n: number): string => `${Math.floor(n / 250)}.${1 + (n % 250)}`;

const PLACEHOLDER = '${caller}';

/** Sends the n-th caller's request. Returns its response, with the status 0 if there was none. */
function answerTo(url: string, { method, path, headers, body }: Composed, n: number) {
  const own = Object.entries(headers).map(([name, value]) => [
    name,
    value.replaceAll(PLACEHOLDER, `100.64.${host(n)}`),
  ]);
  const isNamed = Object.values(headers).some((value) => value.includes(PLACEHOLDER));
  const sent: ClientRequest = request(url + path, {
    method,
    headers: Object.fromEntries(own),
    agent: false,
    timeout: REQUEST_MS,
    ...(!isNamed && { localAddress: `127.8.${host(n)}` }),
  });
  return new Promise<Parameters<typeof meaningOf>[1]>((resolve) => {
    sent.on('error', () => resolve({ status: 0, headers: {}, body: '' }));
    sent.once('timeout', () => sent.destroy(new Error('timed out')));
    sent.once('response', (response) => {
      const { statusCode: status = 0, headers: received } = response;
      wholeBody(response).then(
        (read) => resolve({ status, headers: received, body: read.toString() }),
        () => resolve({ status, headers: received, body: '' }),
      );
    });
    sent.end(body ?? undefined);
  });
}
