import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { jsonIn } from '../base/json-in.ts';
import { Disconnect } from '../kinds/lib/disconnect.ts';
import type { FaultPlan } from '../plan/fault-plan.ts';
import type { ActingFault } from '../plan/planned-fault.ts';
import { BodyHash } from '../receipts/body-hash.ts';
import { credentialsIn } from '../receipts/credentials.ts';
import { noteRequest, noteSent, noting } from '../receipts/note-answer.ts';
import type { RequestReceipt } from '../receipts/receipt.ts';
import type { Receipts } from '../receipts/receipts.ts';
import { uniqueTextsIn } from '../receipts/unique-texts.ts';
import { apiKeyOf } from '../scope/match.ts';
import { refusalIn } from '../upstream/refusal-in.ts';
import { respond } from '../upstream/respond.ts';
import { type Answer, asResponse } from '../upstream/text-answer.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { deliver, flush } from './deliver.ts';
import { disrupt, disruptArrival, type Surroundings, surround } from './disrupt.ts';
import type { Elsewhere } from './elsewhere.ts';
import { readBody, toRequest, UnreadableRequest } from './read-request.ts';

/** The dependencies of `serveExchange`. */
export interface ExchangeDependencies {
  /** The upstream's name in receipts. */
  readonly name: string;
  readonly upstream: Upstream;
  /** The upstream's own address. */
  readonly origin: string;
  readonly plan: FaultPlan;
  readonly receipts: Receipts;
  /** The header whose value receipts keep, in lower case. */
  readonly keyHeader?: string | undefined;
  /** The other host to which it redirects. */
  readonly elsewhere: Pick<Elsewhere, 'originFor'>;
  /** Returns the number of a connection. */
  numberOf(socket: Socket): number | undefined;
  /** Whether the connection may be used for another request. */
  mayReuse(socket: Socket): boolean;
  /** Resets a connection (TCP RST). */
  reset(socket: Socket): void;
}

/** How many chunks of a stream are kept to count what was sent. A longer one is a fault's flood. */
const MOST_CHUNKS = 10_000;

/** Serves a single request, from its head to the last byte of the response, and records its receipt. Never rejects. */
export async function serveExchange(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  dependencies: ExchangeDependencies,
): Promise<void> {
  const { name, receipts, keyHeader, numberOf, mayReuse, reset } = dependencies;
  const { method = '', url = '', socket, headers } = incoming;
  const receipt = receipts.open(name, method, url, {
    connection: numberOf(socket),
    traceparent: headers.traceparent as string | undefined,
    credentials: credentialsIn(headers),
    key: keyHeader === undefined ? undefined : headers[keyHeader]?.toString(),
  });
  // Only a stream that ends early is read again.
  const sent: Uint8Array[] = [];
  const body = new BodyHash();
  const end = (outcome: Parameters<typeof receipts.end<typeof receipt>>[1]) => {
    if (outcome !== 'answered' && sent.length > 0) noteSent(receipt, sent);
    if (outcome === 'answered' && receipt.faults.length > 0) body.note(receipt);
    receipts.end(receipt, outcome);
  };
  try {
    const response = await answer(incoming, outgoing, receipt, dependencies);
    if (!incoming.socket.destroyed) receipt.status = response.status;
    if (!mayReuse(incoming.socket)) outgoing.shouldKeepAlive = false;
    await deliver(response, outgoing, (chunk, isStream) => {
      if (receipt.faults.length > 0) body.add(chunk);
      if (isStream && receipt.usage && sent.length < MOST_CHUNKS) sent.push(chunk);
    });
    end(outgoing.writableFinished ? 'answered' : 'client-gone');
  } catch (error) {
    if (!(error instanceof Disconnect)) console.error(error);
    const { how, lastWords, why } = error instanceof Disconnect ? error : new Disconnect('cut');
    if (why !== undefined) receipt.unserved = why;
    if (lastWords !== undefined) await say(incoming.socket, lastWords);
    if (outgoing.headersSent) await flush(outgoing);
    end(how);
    if (how === 'reset') reset(incoming.socket);
    else incoming.socket.destroy();
  }
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  receipt: RequestReceipt,
  { upstream, origin, plan, elsewhere }: ExchangeDependencies,
): Promise<Answer> {
  const surroundings = {
    ...surroundingsOf(incoming, outgoing, { upstream, origin, elsewhere }),
    ...noting(receipt),
  };
  const choose = (body?: Buffer): ActingFault[] => {
    const faults = plan.choose({
      route: receipt.route,
      apiKey: apiKeyOf((name) => incoming.headers[name]?.toString()),
      ...(body ? { body: () => jsonIn(body.toString()) } : {}),
    });
    receipt.faults = faults.map(({ id, kind }) => `${id}:${kind}`);
    return faults;
  };
  try {
    // Faults are selected when the head arrives, in the order of arrival, unless a fault matches by body.
    const early = plan.needsBody ? undefined : surround(choose(), surroundings);
    if (early) await disruptArrival(early);
    const body = early && upstream.streams ? undefined : await readBody(incoming);
    const unique = uniqueTextsIn(receipt.path, body);
    if (unique.length > 0) receipt.unique = unique;
    noteRequest(receipt, body);
    const acting = early ?? surround(choose(body), surroundings);
    if (!early) await disruptArrival(acting);
    const { clientGone } = surroundings;
    const isCompressible = acting.length === 0;
    const request = toRequest(incoming, { body, clientGone, isCompressible, ...noting(receipt) });
    const response = () =>
      respond(upstream, request, (why) => {
        receipt.unserved = why;
      });
    if (acting.length === 0) return await undisturbed(await response(), receipt, body);
    return await disrupt(acting, async () => asResponse(await response()));
  } catch (error) {
    if (error instanceof Disconnect) throw error;
    if (error instanceof UnreadableRequest) return upstream.errorResponse(error.status);
    console.error(error);
    // The service had no chance to serve its call.
    receipt.unserved = `the fake failed: ${error instanceof Error ? error.message : error}`;
    return upstream.errorResponse(500);
  }
}

/** Records why an upstream rejected a request, and returns its answer. */
async function undisturbed(answer: Answer, receipt: RequestReceipt, body: Buffer | undefined): Promise<Answer> {
  const refusal = receipt.unserved === undefined ? await refusalIn(answer, body && jsonIn(body.toString())) : undefined;
  if (refusal !== undefined) receipt.refusal = refusal;
  return answer;
}

function surroundingsOf(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { upstream, origin, elsewhere }: Pick<ExchangeDependencies, 'upstream' | 'origin' | 'elsewhere'>,
): Surroundings {
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const url = urlOf(incoming, origin);
  return {
    clientGone: gone.signal,
    url,
    async elsewhere(scheme) {
      const { protocol, pathname } = new URL(url);
      const own = protocol === 'https:' ? 'https' : 'http';
      return (await elsewhere.originFor(scheme ?? own, incoming.headers.host ?? '')) + pathname;
    },
    errorResponse: (status) => upstream.errorResponse(status),
    finish() {
      incoming.socket.end();
      incoming.resume();
    },
  };
}

/**
 * Returns the URL of a request at its upstream. A request to a proxy names a different URL, which doesn't matter here.
 */
function urlOf({ url = '' }: IncomingMessage, origin: string): string {
  const path = url.replace(/^https?:\/\/[^/?]*/i, '');
  return `${origin}${path.startsWith('/') ? '' : '/'}${path}`;
}

/** Sends raw bytes and waits until the operating system has received them. */
const say = (socket: Socket, words: string): Promise<void> =>
  new Promise((resolve) => {
    if (socket.destroyed) resolve();
    else socket.write(words, () => resolve());
  });
