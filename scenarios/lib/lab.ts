import http from 'k6/http';
import type { Charged } from '../../harness/callers/charge-of.ts';
import type { Composed } from '../../harness/callers/compose-request.ts';
import type { Begun, PhaseData } from '../../harness/contract/phases.ts';
import type { EndSignal } from '../../harness/contract/schema/termination.ts';
import { context, type Fault } from './context.ts';

const { url, token } = context.lab;
/** Parameters for every call to the control API. The tag excludes these calls from the verdict. */
const params = {
  headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
  tags: { name: 'lab', lab: 'true' },
};

/** A response as the lab has read it. Without a response, the status is null. */
export interface Read {
  readonly status: number | null;
  readonly headers: Record<string, string>;
  /** The pieces of the body, with the times (in milliseconds since the epoch) when they arrived. */
  readonly pieces: readonly { readonly at: number; readonly text: string }[];
  /** Whether the response ended as it should. */
  readonly isWhole: boolean;
}

/** The part of a receipt that says how much was used. */
interface Used {
  readonly kind: string;
  readonly usage?: readonly number[];
}

/** Whether this VU has asked the lab for anything but phases and numbers, such as a fault or a restart. */
let hasActed = false;
export const isUntouched = (): boolean => !hasActed;

/** Calls the lab's control API. Throws if it returns an error. */
async function ask(method: string, path: string, body?: object): Promise<unknown> {
  hasActed ||= method !== 'GET' && path !== '/phase';
  const response = await http.asyncRequest(method, url + path, body ? JSON.stringify(body) : null, {
    ...params,
    timeout: '120s',
    responseCallback: http.expectedStatuses({ min: 200, max: 299 }),
  });
  if (response.status < 200 || response.status > 299) {
    throw new Error(`the lab refused ${method} ${path}: ${response.status} ${String(response.body)}`);
  }
  return response.body ? JSON.parse(String(response.body)) : undefined;
}

/** What a crowd of callers does. */
interface Crowd {
  callers: number;
  /** How long requests may be started. */
  seconds: number;
  windowSeconds: number;
  isByClock: boolean;
  /** The endpoint's conditions on responses, if it has any. */
  meanings?: object[] | undefined;
}

/** The number of responses with each status: all, and at most in one window. */
interface Crowded {
  readonly statuses: Record<string, number>;
  readonly inOneWindow: Record<string, number>;
}

/** The lab's control API. */
export const lab = {
  /**
   * Begins a phase, which lasts until the next one. Await all earlier calls first.
   *
   * @returns The phase with its ID, for the tags of its calls
   */
  async phase<Data extends PhaseData>(data: Data): Promise<Begun<Data>> {
    const { id } = (await ask('POST', '/phase', data)) as { id: number };
    return { ...data, id };
  },
  /** Returns the phase that another VU has begun. It shares no memory with this one. */
  currentPhase: async (): Promise<{ id: number }> => (await ask('GET', '/phase')) as { id: number },
  /** Breaks a fake upstream, or "database", until it is healed. Resolves when the fault is active. */
  fault: (upstream: string, fault: Fault) => ask('POST', `/upstreams/${upstream}/faults`, fault),
  /** Heals all of an upstream's faults, or those of "database". Resolves when their effects have been undone. */
  heal: (upstream: string) => ask('DELETE', `/upstreams/${upstream}/faults`),
  certificate: (upstream: string, kind: string) => ask('PUT', `/upstreams/${upstream}/certificate`, { kind }),
  /**
   * Returns the number of connections to an upstream, since the fakes started, that ended in the TLS handshake, or after
   * it without a request.
   */
  async refusedConnections(upstream: string): Promise<number> {
    const { handshakesFailed, closedUnused } = (await ask('GET', `/receipts/count?upstream=${upstream}`)) as {
      handshakesFailed: number;
      closedUnused: number;
    };
    return handshakesFailed + closedUnused;
  },
  /** Returns the number of requests that have arrived at an upstream since the fakes started. */
  async arrivals(upstream: string): Promise<number> {
    return ((await ask('GET', `/receipts/count?upstream=${upstream}`)) as { requests: number }).requests;
  },
  /** Returns the number of requests that have arrived at an upstream, and the tokens that its answers have reported. */
  async used(upstream: string): Promise<{ requests: number; tokens: number }> {
    const { receipts = [] } = (await ask('GET', `/receipts?upstream=${upstream}`)) as { receipts?: Used[] };
    const tokens = receipts.flatMap(({ usage = [] }) => usage).reduce((sum, part) => sum + part, 0);
    return { requests: receipts.filter(({ kind }) => kind === 'request').length, tokens };
  },
  /** Returns how many of the service's connections are waiting for the table lock. */
  async waitingForLock(): Promise<number> {
    return ((await ask('GET', '/connections')) as { waitingForLock: number } | null)?.waitingForLock ?? 0;
  },
  /** Returns the number of requests that are in progress at an upstream. */
  async inProgress(upstream: string): Promise<number> {
    return ((await ask('GET', `/receipts/count?upstream=${upstream}`)) as { open: number }).open;
  },
  /**
   * Returns how long a request to the lab itself takes, in milliseconds. This is the baseline for any request on this
   * machine.
   */
  async control(): Promise<number> {
    return (await http.asyncRequest('GET', `${url}/connections`, null, params)).timings.duration;
  },
  /** Returns a token that the lab signs for a user. `flaw` makes it invalid. */
  async token(user: string, flaw?: string): Promise<string> {
    return ((await ask('POST', '/tokens', { user, flaw })) as { token: string }).token;
  },
  tryStart: (about: string, settings: Record<string, string | null>) => ask('POST', '/starts', { about, settings }),
  /** Terminates the service with a signal and restarts it. Resolves when it is ready. */
  restartService: (signal: EndSignal) => ask('POST', '/service/restarts', { signal }),
  /** Stops the service's processes for a number of seconds. Resolves when they are stopped. */
  freezeService: (seconds: number) => ask('POST', '/service/freezes', { seconds }),
  /** Resolves when the service continues. */
  awaitThaw: () => ask('GET', '/service/freezes'),
  /** Calls the service without reading the response. Resolves with its status, or null if there was none. */
  async callSilently({ method, path, headers, body }: Composed): Promise<number | null> {
    const answer = (await ask('POST', '/silent-callers', { method, path, headers, body })) as { status: number | null };
    return answer.status;
  },
  /** Calls the service, and notes when each piece of the response arrives. Engines read all at once, and never slowly. */
  read: ({ method, path, headers, body }: Composed, slowly = false) =>
    ask('POST', '/readers', { method, path, headers, body, slowly }) as Promise<Read>,
  /**
   * Calls the service as many different callers. Returns the number of responses with each status, and the largest
   * number of each in one window.
   */
  crowd: ({ method, path, headers, body }: Composed, crowd: Crowd) =>
    ask('POST', '/crowds', { method, path, headers, body, ...crowd }) as Promise<Crowded>,
  disconnectSilent: () => ask('DELETE', '/silent-callers'),
  /** Returns the service's resident memory in bytes, or NaN if it is unknown. */
  async memory(): Promise<number> {
    return ((await ask('GET', '/service/memory')) as { bytes: number | null }).bytes ?? Number.NaN;
  },
  /** Returns the receipts of the requests to an upstream after a number, and the number of the last receipt. */
  receiptsAfter: (upstream: string, after: number) =>
    ask('GET', `/receipts?upstream=${upstream}&after=${after}`) as Promise<{
      receipts: readonly (Charged & { readonly kind: string })[];
      last: number;
    }>,
  /** Returns the result of the query in a budget's `count`. */
  async budgetCount(budget: string): Promise<number> {
    return ((await ask('GET', `/budgets/${budget}/count`)) as { count: number }).count;
  },
  /** Returns when the day of the service ends, in milliseconds since the epoch. */
  async dayEndsAt(): Promise<number> {
    return ((await ask('GET', '/day')) as { endsAt: number }).endsAt;
  },
  /** Adds the ledger's rows to the history. */
  readLedger: () => ask('POST', '/ledger'),
  /** Lets a fake of an LLM call tools as its conversation says, or no tools. */
  converse: (upstream: string, conversation?: object) =>
    ask('PUT', `/upstreams/${upstream}/conversation`, conversation ?? {}),
  /** Adds the rows of the tables in which tools act to the history. */
  readTools: () => ask('POST', '/tools'),
  /** Signals another VU, which shares no memory with this one. */
  signal: (name: string) => ask('POST', `/signals/${encodeURIComponent(name)}`),
  /** Waits for a signal from another VU. Returns whether it came in time. */
  async awaitSignal(name: string, timeoutMs: number): Promise<boolean> {
    const path = `/signals/${encodeURIComponent(name)}?timeoutMs=${Math.ceil(timeoutMs)}`;
    return ((await ask('GET', path)) as { given: boolean }).given;
  },
};
