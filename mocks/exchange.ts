import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { getResponse } from 'msw';
import { disrupt } from './disrupt.ts';
import type { FaultPlan, PlannedFault } from './fault-plan.ts';
import { Disconnect } from './faults/disconnect.ts';
import { readRequest, UnreadableRequest } from './read-request.ts';
import type { Receipts } from './receipts.ts';
import type { Upstream } from './upstream.ts';

/** What serving a request takes besides the request. */
export interface ExchangeDependencies {
  readonly upstream: Upstream;
  readonly plan: FaultPlan;
  readonly receipts: Receipts;
  /** Whether another request may come on this connection. */
  mayReuse(socket: Socket): boolean;
  /** Ends a connection with a TCP RST. */
  reset(socket: Socket): void;
}

/** Serves one request, from its head to the last byte of its answer, and keeps its receipt. Never rejects. */
export async function serveExchange(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  dependencies: ExchangeDependencies,
): Promise<void> {
  const { upstream, plan, receipts, mayReuse, reset } = dependencies;
  const receipt = receipts.open(upstream.name, incoming.method ?? '', incoming.url ?? '');
  const faults = plan.choose(receipt.route);
  receipt.faults = faults.map(({ id, kind }) => `${id}:${kind}`);
  try {
    const response = await answer(incoming, outgoing, faults, upstream);
    if (!incoming.socket.destroyed) receipt.status = response.status;
    if (!mayReuse(incoming.socket)) outgoing.shouldKeepAlive = false;
    await deliver(response, outgoing);
    receipts.end(receipt, outgoing.writableFinished ? 'answered' : 'client-gone');
  } catch (error) {
    if (!(error instanceof Disconnect)) console.error(error);
    const how = error instanceof Disconnect ? error.how : 'cut';
    if (how === 'cut') await flush(outgoing);
    receipts.end(receipt, how);
    if (how === 'reset') reset(incoming.socket);
    else incoming.socket.destroy();
  }
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  faults: PlannedFault[],
  upstream: Upstream,
): Promise<Response> {
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const surroundings = { clientGone: gone.signal, errorResponse: upstream.errorResponse };
  try {
    const request = await readRequest(incoming);
    return await disrupt(faults, surroundings, async () => {
      const found = await getResponse(upstream.handlers, request);
      return found ?? upstream.unknownPath(request.method, new URL(request.url).pathname);
    });
  } catch (error) {
    if (error instanceof Disconnect) throw error;
    if (error instanceof UnreadableRequest) return upstream.errorResponse(error.status);
    console.error(error);
    return upstream.errorResponse(500);
  }
}

async function deliver(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, [...response.headers].flat());
  if (response.body) {
    for await (const chunk of response.body) {
      if (outgoing.destroyed) break;
      if (!outgoing.write(chunk)) await eventOrClose(outgoing, 'drain');
    }
  }
  outgoing.end();
  if (!outgoing.writableFinished) await eventOrClose(outgoing, 'finish');
}

/** Waits until what was written so far, at least the head, is with the operating system. */
async function flush(outgoing: ServerResponse): Promise<void> {
  const { socket } = outgoing;
  if (!socket || socket.destroyed) return;
  outgoing.flushHeaders();
  await new Promise<void>((resolve) => socket.write('', () => resolve()));
}

function eventOrClose(outgoing: ServerResponse, event: 'drain' | 'finish'): Promise<void> {
  return new Promise((resolve) => {
    if (outgoing.destroyed) resolve();
    const done = (): void => {
      outgoing.off(event, done);
      outgoing.off('close', done);
      resolve();
    };
    outgoing.on(event, done);
    outgoing.on('close', done);
  });
}
