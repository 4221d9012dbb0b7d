import { Agent, buildConnector, type Dispatcher } from 'undici';
import { createBulkhead } from '../../service/upstreams/bulkhead.ts';
import { createJsonClient } from '../../service/upstreams/json-client.ts';
import { createMem0Client } from '../../service/upstreams/mem0.ts';
import { runWithParts } from './run-with.ts';

/** Runs the reference service with different connections to the memory API. */
export const runWithMemoryAgent = (dispatcher: Dispatcher): Promise<void> =>
  runWithParts((_parts, { mem0, upstreams }) => ({
    memory: createMem0Client(
      createJsonClient({
        upstream: 'memory',
        dispatcher,
        baseUrl: mem0.baseUrl,
        authorization: `Token ${mem0.apiKey}`,
        timeoutMs: upstreams.timeoutMs,
        countTooManyRequests: upstreams.countTooManyRequests,
        bulkhead: createBulkhead('memory', upstreams.concurrencyMax),
      }),
    ),
  }));

/**
 * Runs the reference service so that it tolerates one problem with the memory API's certificate, given as a Node error
 * code.
 */
export const runWithMemoryAgentThatForgives = (code: string): Promise<void> => {
  const connectAnyhow = buildConnector({ rejectUnauthorized: false });
  return runWithMemoryAgent(
    new Agent({
      connect: (options, done) =>
        connectAnyhow(options, (error, socket) => {
          if (error) return done(error, null);
          const { authorizationError } = socket as { authorizationError?: Error | string | null };
          if (!authorizationError || String(authorizationError).includes(code)) return done(null, socket);
          socket.destroy();
          done(new Error(String(authorizationError)), null);
        }),
      keepAliveTimeout: 1_000,
    }),
  );
};
