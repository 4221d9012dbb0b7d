import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { z } from 'zod';
import { parseFields } from '../../faults/base/parse-fields.ts';
import type { Operation } from '../../faults/control/operation.ts';
import { residentMemory } from '../machine/resident-memory.ts';
import type { ServiceUnderTest } from './service/start-service.ts';

/** The fields of a request that a script has composed. */
export const composedFields = {
  method: z.string().describe('a method'),
  path: z.string().startsWith('/').describe('a path, with its query'),
  headers: z.record(z.string(), z.string()).describe('headers by name'),
  body: z.string().nullable().describe('a text, or null'),
};

/** How long a silent caller waits for the head of its response, in milliseconds. */
const HEAD_MS = 10_000;

/**
 * Returns the operations for callers who don't read their responses (engines always read them), and for the memory that
 * the service uses during that time.
 *
 * @param service Returns the service under test.
 */
export function readerOperations(service: () => Pick<ServiceUnderTest, 'url' | 'pid'>): Operation[] {
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
