import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json as readJson } from 'node:stream/consumers';

/** A request that the upstream received. */
interface SeenRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** Starts a fake upstream that responds as specified by the test and records requests. */
export async function startUpstream(answer: (response: ServerResponse, request: IncomingMessage) => void) {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const body = await readJson(request);
    seen.push({ path: request.url ?? '', authorization: request.headers.authorization, body });
    answer(response, request);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The settings of a service that calls these upstreams. They use plain text, which is rejected in production. */
export const calling = (groq: { readonly url: string }, mem0 = groq) => ({
  ENVIRONMENT: 'development',
  GROQ_BASE_URL: groq.url,
  MEM0_BASE_URL: mem0.url,
});

/** Sends a JSON response. */
export const json = (status: number, body: unknown) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
