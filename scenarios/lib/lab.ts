import http from 'k6/http';
import { context, type Fault } from './context.ts';

const { url, token } = context.lab;
/** Of every call of the control API; the tag keeps them out of what is judged. */
const params = {
  headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
  tags: { name: 'lab', lab: 'true' },
};

/** Calls the lab's control API. Throws if it refuses. */
async function ask(method: string, path: string, body?: object): Promise<unknown> {
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

/** What a script can ask of the lab. */
export const lab = {
  /** Begins a phase: what comes after it, until the next, belongs to it. Let all calls be answered before. */
  phase: (name: string) => ask('POST', '/phase', { name }),
  /** Breaks a fake upstream, or "database", until it is healed; answers when the fault acts. */
  fault: (upstream: string, fault: Fault) => ask('POST', `/upstreams/${upstream}/faults`, fault),
  /** Heals all faults of an upstream or of "database"; answers when what they did is undone. */
  heal: (upstream: string) => ask('DELETE', `/upstreams/${upstream}/faults`),
  certificate: (upstream: string, kind: string) => ask('PUT', `/upstreams/${upstream}/certificate`, { kind }),
  /** How many handshakes have failed at an upstream since the fakes began. */
  async failedHandshakes(upstream: string): Promise<number> {
    const counted = (await ask('GET', `/receipts/count?upstream=${upstream}`)) as { handshakesFailed: number };
    return counted.handshakesFailed;
  },
  /** How many requests have arrived at an upstream since the fakes began. */
  async arrivals(upstream: string): Promise<number> {
    return ((await ask('GET', `/receipts/count?upstream=${upstream}`)) as { requests: number }).requests;
  },
  /** How many of the service's connections wait for the table's lock. */
  async waitingForLock(): Promise<number> {
    return ((await ask('GET', '/connections')) as { waitingForLock: number } | null)?.waitingForLock ?? 0;
  },
  /** Milliseconds that the lab itself takes to answer: what any call costs on this machine at this time. */
  async control(): Promise<number> {
    return (await http.asyncRequest('GET', `${url}/connections`, null, params)).timings.duration;
  },
  tryStart: (about: string, settings: Record<string, string | null>) => ask('POST', '/starts', { about, settings }),
  /** Ends the service by a signal and starts it again; answers when it is ready. */
  restartService: (signal: 'SIGTERM' | 'SIGKILL') => ask('POST', '/service/restarts', { signal }),
  /** Has what the contract's ledger has stored written into the history. */
  readLedger: () => ask('POST', '/ledger'),
  /** Tells another VU, which shares no memory with this one. */
  signal: (name: string) => ask('POST', `/signals/${encodeURIComponent(name)}`),
  /** Waits for another VU's signal; tells whether it came in time. */
  async awaitSignal(name: string, timeoutMs: number): Promise<boolean> {
    const path = `/signals/${encodeURIComponent(name)}?timeoutMs=${Math.ceil(timeoutMs)}`;
    return ((await ask('GET', path)) as { given: boolean }).given;
  },
};
