import { type ClientRequest, type IncomingMessage, type RequestOptions, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { isPlainText } from '../../faults/receipts/receipt.ts';
import { isPastTheService, traceOf, traceparentOf } from '../history/past-the-service.ts';
import type { DifferentCall } from '../wire/wire-mutant.ts';
import type { Fakes } from './fakes.ts';

/** How long a request may need to arrive, in milliseconds. Its answer may take longer, because of a fault. */
const ARRIVE_MS = 500;
const LOOK_MS = 10;
/** Where redirects of the lab's upstreams lead. */
const ELSEWHERE = /^https?:\/\/(localhost|127\.0\.0\.1):/;

/** Headers with which all fakes of LLMs serve a request. */
const ASKING = {
  authorization: 'Bearer sk-proofload',
  'x-api-key': 'sk-ant-proofload',
  'anthropic-version': '2023-06-01',
  'content-type': 'application/json',
};

/** Returns the body of a question in the APIs of LLM providers. Only Anthropic's needs a maximum. */
const askedOf = (path: string, model: string, question: string): string =>
  JSON.stringify({
    model,
    ...(path.endsWith('/messages') && { max_tokens: 64 }),
    messages: [{ role: 'user', content: question }],
  });

type OnAnswer = (response: IncomingMessage) => void;

/**
 * Sends requests to the lab's HTTP upstreams, bypassing the service. Disposing of it ends requests without a response,
 * and later requests are not sent: they would count in the next scenario.
 */
export class UpstreamCaller implements Disposable {
  readonly #fakes: Pick<Fakes, 'upstreams' | 'receipts'>;
  /** The service's last request to each upstream. */
  readonly #last = new Map<string, { method: string; path: string }>();
  /** The model of the last answer of each upstream that names one. */
  readonly #models = new Map<string, string>();
  /** The trace IDs of the requests that have arrived. */
  readonly #arrived = new Set<string | undefined>();
  /** The number of requests in plain text that each upstream with TLS got, and that followed each upstream's redirects. */
  readonly #plain = new Map<string, number>();
  readonly #redirected = new Map<string, number>();
  #calls = 0;
  readonly #open = new Set<ClientRequest>();
  #after: number;
  #looking: Promise<void> | undefined;
  #isOver = false;

  /** @param after The number of the last receipt before the scenario. */
  constructor(fakes: Pick<Fakes, 'upstreams' | 'receipts'>, after: number) {
    this.#fakes = fakes;
    this.#after = after;
  }

  /**
   * Sends a request with the method and path of the last one there, and no body. Returns whether it arrived.
   *
   * @param different Another path, and headers. `traceparent` can't be changed.
   * @param onAnswer Called with the response.
   */
  call = async (name: string, different: DifferentCall = {}, onAnswer?: OnAnswer): Promise<boolean> => {
    const origin = this.#fakes.upstreams[name];
    if (origin === undefined || !/^https?:/.test(origin)) return false;
    await this.#look();
    if (this.#isOver) return false;
    const model = this.#models.get(name);
    if (different.question !== undefined && model === undefined) return false;
    const last = this.#last.get(name) ?? { method: 'GET', path: '/' };
    this.#calls += 1;
    const trace = traceOf(this.#calls);
    const { method } = last;
    const { path = last.path, question } = different;
    const asking = question === undefined ? {} : ASKING;
    const headers = { ...asking, ...different.headers, traceparent: traceparentOf(this.#calls) };
    const body = question === undefined ? undefined : askedOf(path, model ?? '', question);
    this.#send(sendTo(`${origin}${path}`, { method, headers }), onAnswer, body);
    return this.#until(() => this.#arrived.has(trace));
  };

  /**
   * Sends a request like `call`, and follows its redirect to the other host with credentials. Returns whether that
   * arrived.
   */
  callElsewhere = async (name: string): Promise<boolean> => {
    let before = Number.POSITIVE_INFINITY;
    const follow: OnAnswer = ({ headers: { location = '' } }) => {
      if (!ELSEWHERE.test(location)) return;
      before = this.#redirected.get(name) ?? 0;
      this.#send(sendTo(location, { headers: { authorization: 'Bearer proofload' } }));
    };
    if (!(await this.call(name, {}, follow))) return false;
    return this.#until(() => (this.#redirected.get(name) ?? 0) > before);
  };

  /** Sends a request in plain text to the port of an upstream with TLS. Returns whether it arrived. */
  callInPlainText = async (name: string): Promise<boolean> => {
    const origin = this.#fakes.upstreams[name];
    if (!origin?.startsWith('https:')) return false;
    await this.#look();
    if (this.#isOver) return false;
    const before = this.#plain.get(name) ?? 0;
    this.#send(requestPlain(origin.replace('https:', 'http:'), { agent: false }));
    return this.#until(() => (this.#plain.get(name) ?? 0) > before);
  };

  #send(sent: ClientRequest, onAnswer?: OnAnswer, body?: string): void {
    this.#open.add(sent);
    sent.once('close', () => this.#open.delete(sent));
    sent.on('error', () => {});
    sent.on('response', (response) => {
      response.on('error', () => {}).resume();
      if (!this.#isOver) onAnswer?.(response);
    });
    sent.end(body);
  }

  /** Waits until a request has arrived. Returns whether it has. */
  async #until(hasArrived: () => boolean): Promise<boolean> {
    for (let waited = 0; waited < ARRIVE_MS && !this.#isOver; waited += LOOK_MS) {
      await this.#look();
      if (hasArrived()) return true;
      await sleep(LOOK_MS);
    }
    return false;
  }

  async #look(): Promise<void> {
    // Concurrent callers share one read.
    this.#looking ??= this.#readNew().finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }

  async #readNew(): Promise<void> {
    const { receipts, last } = await this.#fakes.receipts(this.#after);
    this.#after = last;
    for (const receipt of receipts) {
      if (receipt.kind === 'handshake-failed' && isPlainText(receipt)) increment(this.#plain, receipt.upstream);
      if (receipt.kind === 'redirected') increment(this.#redirected, receipt.upstream);
      if (receipt.kind !== 'request') continue;
      if (!isPastTheService(receipt)) this.#last.set(receipt.upstream, receipt);
      if (receipt.model !== undefined) this.#models.set(receipt.upstream, receipt.model);
      this.#arrived.add(receipt.trace);
    }
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    for (const sent of this.#open) sent.destroy();
  }
}

/** Sends a request on a new connection, whatever the certificate of the server. */
const sendTo = (url: string, options: Pick<RequestOptions, 'method' | 'headers'>): ClientRequest =>
  (url.startsWith('https:') ? requestTls : requestPlain)(url, { ...options, rejectUnauthorized: false, agent: false });

const increment = (counts: Map<string, number>, name: string): void =>
  void counts.set(name, (counts.get(name) ?? 0) + 1);
