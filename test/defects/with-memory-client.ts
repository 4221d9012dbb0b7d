import { Agent, buildConnector, type Dispatcher } from 'undici';
import { createBulkhead } from '../../service/upstreams/bulkhead.ts';
import { createJsonClient, type PostJson } from '../../service/upstreams/json-client.ts';
import { createMem0Client } from '../../service/upstreams/mem0.ts';
import { withParts } from './run-with.ts';

/**
 * Returns a function that runs the reference service with a different client of the memory API.
 *
 * @param change Returns the function that sends requests. `postTo` creates one that sends them to a base URL.
 */
const withMemoryPost = (
  change: (postTo: (baseUrl: string) => PostJson, baseUrl: string) => PostJson,
  dispatcher: Dispatcher,
) =>
  withParts((_parts, { mem0, upstreams }) => {
    const postTo = (baseUrl: string) =>
      createJsonClient({
        upstream: 'memory',
        dispatcher,
        baseUrl,
        authorization: `Token ${mem0.apiKey}`,
        timeoutMs: upstreams.timeoutMs,
        countTooManyRequests: upstreams.countTooManyRequests,
        bulkhead: createBulkhead('memory', upstreams.concurrencyMax),
      });
    return { memory: createMem0Client(change(postTo, mem0.baseUrl)) };
  });

/** Returns a function that runs the reference service with different connections to the memory API. */
export const withMemoryAgent = (dispatcher: Dispatcher) =>
  withMemoryPost((postTo, baseUrl) => postTo(baseUrl), dispatcher);

/**
 * Returns a function that runs the reference service so that it sends a call to the memory API again over plain HTTP if it failed.
 *
 * @param isMeant Whether it does so after a failure, given its Node error code.
 * @param stays Whether it sends all later calls over plain HTTP, too.
 */
export const withPlainMemory = (isMeant: (code: string) => boolean, stays: boolean) =>
  withMemoryPost(
    (postTo, baseUrl) => {
      const [secure, plain] = [postTo(baseUrl), postTo(baseUrl.replace('https:', 'http:'))];
      let isPlain = false;
      return async (...call) => {
        if (isPlain) return plain(...call);
        try {
          return await secure(...call);
        } catch (error) {
          const { cause } = error as { cause?: { code?: string } };
          if (cause?.code === undefined || !isMeant(cause.code)) throw error;
          isPlain = stays;
          return plain(...call);
        }
      };
    },
    new Agent({ keepAliveTimeout: 1_000 }),
  );

/**
 * Returns a function that runs the reference service so that it verifies no certificate of the memory API any more once a call has failed.
 *
 * @param isMeant Whether a failure has this effect, given its cause.
 */
export function withMemoryUnverifiedAfter(isMeant: (cause: Error & { code?: string }) => boolean) {
  const verifies = new Agent({ keepAliveTimeout: 1_000 });
  const verifiesNone = new Agent({ connect: { rejectUnauthorized: false }, keepAliveTimeout: 1_000 });
  let agent = verifies;
  return withMemoryPost(
    (postTo, baseUrl) => {
      const post = postTo(baseUrl);
      return (...call) =>
        post(...call).catch((error) => {
          if (error.cause instanceof Error && isMeant(error.cause)) agent = verifiesNone;
          throw error;
        });
    },
    verifies.compose(() => (options, handler) => agent.dispatch(options, handler)),
  );
}

/**
 * Returns a function that runs the reference service so that it tolerates one problem with the memory API's certificate, given as a Node error
 * code.
 */
export const withMemoryAgentThatForgives = (code: string) => {
  const connectAnyhow = buildConnector({ rejectUnauthorized: false });
  return withMemoryAgent(
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
