import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { z } from 'zod';
import { epochNow } from '../../engine/base/epoch-clock.ts';
import { parseFields } from '../../faults/base/parse-fields.ts';
import type { Operation } from '../../faults/control/operation.ts';
import { pause } from '../base/clock.ts';
import { residentMemory } from '../machine/resident-memory.ts';
import type { ServiceUnderTest } from './service/start-service.ts';

/** The fields of a request that a script has composed. */
export const composedFields = {
  method: z.string().describe('a method'),
  path: z.string().startsWith('/').describe('a path, with its query'),
  headers: z.record(z.string(), z.string()).describe('headers by name'),
  body: z.string().nullable().describe('a text, or null'),
};

/** How long a silent caller waits for the head of its response, and a reader for its end, in milliseconds. */
const [HEAD_MS, END_MS] = [10_000, 30_000];
/** Readers keep no longer responses. */
const MOST_BYTES = 1_000_000;
/** How long a slow reader waits before it reads, and after each piece, in milliseconds. */
const [STILL_MS, SLOW_MS] = [1_000, 2];
/** Full stops with which fakes make streams long: see faults/kinds/flood.ts. Readers keep a few of them. */
const FILLER = /\.{9,}/g;

const readerFields = {
  ...composedFields,
  slowly: z.boolean().default(false).describe('whether to read slowly'),
};

/**
 * Returns the operations for callers who don't read their responses, or note when each piece comes (engines do neither),
 * and for the memory that the service uses meanwhile.
 *
 * @param service Returns the service under test.
 * @param url Returns the URL at which readers call it.
 */
export function readerOperations(service: () => Pick<ServiceUnderTest, 'url' | 'pid'>, url: () => string): Operation[] {
  const callers = new Set<ClientRequest>();
  return [
    {
      method: 'post',
      path: '/silent-callers',
      does: 'calls the service without reading the response body; returns the status, or null',
      body: z.strictObject(composedFields),
      prepare({ body: requested }) {
        const { path, body, ...rest } = parseFields(composedFields, requested, 'silent-callers');
        return async () => {
          const caller = request(service().url + path, { ...rest, agent: false, timeout: HEAD_MS });
          callers.add(caller);
          caller.on('error', () => callers.delete(caller));
          caller.once('timeout', () => caller.destroy());
          caller.end(body ?? undefined);
          return { status: await statusOf(caller) };
        };
      },
    },
    {
      method: 'delete',
      path: '/silent-callers',
      does: 'disconnects all callers who do not read',
      prepare: () => () => {
        for (const caller of callers) caller.destroy();
        callers.clear();
        return {};
      },
    },
    {
      method: 'post',
      path: '/readers',
      does: 'calls the service; returns the status or null, the headers, and each piece of the body with the time when it arrived',
      body: z.strictObject(readerFields),
      prepare({ body: requested }) {
        const { path, body, slowly, ...rest } = parseFields(readerFields, requested, 'readers');
        return async () => {
          const reader = request(url() + path, { ...rest, agent: false, timeout: END_MS });
          reader.once('timeout', () => reader.destroy());
          reader.end(body ?? undefined);
          return piecesOf(reader, slowly);
        };
      },
    },
    {
      method: 'get',
      path: '/service/memory',
      does: 'returns the resident memory of the service and its child processes in bytes; null if it is unknown',
      prepare: () => () => {
        const { pid } = service();
        return { bytes: (pid === undefined ? undefined : residentMemory(pid)) ?? null };
      },
    },
  ];
}

/** Returns the status of a response, or null if there is none. The body is not read, so the connection fills up. */
async function statusOf(caller: ClientRequest): Promise<number | null> {
  try {
    const [response] = await once(caller, 'response');
    caller.setTimeout(0);
    response.on('error', () => {});
    return response.statusCode;
  } catch {
    return null;
  }
}

/** Reads a response piece by piece. Characters are never split. */
async function piecesOf(reader: ClientRequest, slowly: boolean) {
  const pieces: { at: number; text: string }[] = [];
  let response: IncomingMessage | undefined;
  try {
    [response] = (await once(reader, 'response')) as [IncomingMessage];
    let bytes = 0;
    if (slowly) await pause(STILL_MS);
    for await (const piece of response.setEncoding('utf8')) {
      const text = piece.replace(FILLER, '...');
      bytes += text.length;
      if (bytes <= MOST_BYTES) pieces.push({ at: epochNow(), text });
      if (slowly) await pause(SLOW_MS);
    }
  } catch {
    // The service has ended the response early, or did not respond.
  }
  const { statusCode = null, headers = {}, complete = false } = response ?? {};
  return { status: statusCode, headers, pieces, isWhole: complete };
}
