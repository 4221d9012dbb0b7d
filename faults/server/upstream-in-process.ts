import { HttpResponse } from 'msw';
import { Disconnect } from '../kinds/lib/disconnect.ts';
import type { Listener } from '../kinds/lib/fault.ts';
import { nextHop } from '../kinds/lib/moved.ts';
import { FaultPlan } from '../plan/fault-plan.ts';
import { credentialsIn } from '../receipts/credentials.ts';
import { noting } from '../receipts/note-answer.ts';
import type { RequestReceipt } from '../receipts/receipt.ts';
import type { Receipts } from '../receipts/receipts.ts';
import { apiKeyOf } from '../scope/match.ts';
import { respond } from '../upstream/respond.ts';
import { type Answer, asResponse } from '../upstream/text-answer.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { disrupt, disruptArrival, type Surroundings, surround } from './disrupt.ts';
import { trackBody } from './track-body.ts';

/** Returns the host to which an upstream without a port redirects. Nothing outside of this process has this name. */
export const hostElsewhere = (upstream: string): string => `${upstream}.elsewhere.invalid`;

/** An upstream that has no port. Faults that would act on a connection act on the response of `fetch` instead. */
export class UpstreamInProcess implements Listener {
  readonly plan: FaultPlan;
  readonly #name: string;
  readonly #upstream: Upstream;
  readonly #receipts: Receipts;
  #unreachable = 0;

  constructor(name: string, upstream: Upstream, nextId: () => string, receipts: Receipts) {
    this.#name = name;
    this.#upstream = upstream;
    this.#receipts = receipts;
    this.plan = new FaultPlan(nextId);
    this.plan.actOn(this);
  }

  refuse(): () => void {
    this.#unreachable++;
    return () => void this.#unreachable--;
  }

  showCertificate(kind: string): () => void {
    return kind === 'trusted' ? () => undefined : this.refuse();
  }

  /** Serves a single request and records its receipt. */
  async serve(request: Request): Promise<Response> {
    this.plan.considerConnection();
    if (this.#unreachable > 0) return HttpResponse.error();
    const { pathname, search } = new URL(request.url);
    const traceparent = request.headers.get('traceparent') ?? undefined;
    const credentials = credentialsIn(Object.fromEntries(request.headers));
    const receipt = this.#receipts.open(this.#name, request.method, pathname + search, { traceparent, credentials });
    const body = this.plan.needsBody
      ? await request
          .clone()
          .json()
          .catch(() => undefined)
      : undefined;
    const faults = this.plan.choose({
      route: receipt.route,
      apiKey: apiKeyOf((name) => request.headers.get(name)),
      body: () => body,
    });
    receipt.faults = faults.map(({ id, kind }) => `${id}:${kind}`);
    const acting = surround(faults, this.#surroundings(request));
    try {
      await disruptArrival(acting);
      const response = await disrupt(acting, async () => asResponse(await this.#respond(request, receipt)));
      receipt.status = response.status;
      return trackBody(response, (how) => this.#receipts.end(receipt, how));
    } catch (error) {
      if (!(error instanceof Disconnect)) throw error;
      this.#receipts.end(receipt, error.how);
      return HttpResponse.error();
    }
  }

  #respond(request: Request, receipt: RequestReceipt): Promise<Answer> {
    return respond(this.#upstream, Object.assign(request, noting(receipt)), (why) => {
      receipt.unserved = why;
    });
  }

  /** Serves a request that followed a redirect. */
  serveElsewhere({ method, url, headers }: Request): Response {
    const { pathname, search, protocol } = new URL(url);
    this.#receipts.redirected(this.#name, {
      method,
      path: pathname + search,
      over: protocol === 'https:' ? 'https' : 'http',
      credentials: credentialsIn(Object.fromEntries(headers)),
    });
    return nextHop(pathname + search) ?? this.#upstream.errorResponse(503);
  }

  #surroundings({ signal, url }: Request): Surroundings {
    return {
      clientGone: signal,
      url,
      elsewhere: async (scheme = 'https') => `${scheme}://${hostElsewhere(this.#name)}${new URL(url).pathname}`,
      errorResponse: (status) => this.#upstream.errorResponse(status),
      finish() {
        // `fetch` has no connection that could be half-closed.
        throw new Disconnect('half-closed');
      },
    };
  }
}
