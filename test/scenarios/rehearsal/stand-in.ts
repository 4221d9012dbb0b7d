import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen } from '../../../harness/base/listen.ts';
import { phaseData } from '../../../harness/contract/phase-shape.ts';
import type { PhaseData } from '../../../harness/contract/phases.ts';

/** What the lab's control API answers, by the beginning of its path. Numbers are high, so that no script waits. */
const ANSWERS: Readonly<Record<string, object>> = {
  'GET /connections': { total: 1_000, active: 1_000, waitingForLock: 1_000, idleInTransaction: 0 },
  'GET /signals': { given: true },
  'POST /tokens': { token: 'a.b.c' },
  'GET /receipts?': { receipts: [], last: 0 },
  'GET /budgets': { count: 0 },
  'GET /day': { endsAt: 0 },
  'GET /service/memory': { bytes: 1e8 },
  'POST /silent-callers': { status: 200 },
  'POST /readers': { status: 200, headers: {}, pieces: [{ at: 0, text: 'data: {}' }], isWhole: true },
};

/** Returns receipts of any upstream, which come all the time, so that scripts see their calls arrive. */
function countsAfter(requests: number) {
  const many = 1_000 + requests;
  return { requests: many, connections: many, handshakesFailed: many, closedUnused: many, open: 1_000 };
}

/**
 * An HTTP server that stands in for the lab (below /lab) and for a service that serves every call.
 *
 * @param broken The paths of endpoints that respond with 500. Defaults to none.
 */
export async function startStandIn(broken: readonly string[] = []) {
  const phases: PhaseData[] = [];
  const calls: string[] = [];
  let seen = 0;
  const answerAsLab = (method: string, path: string, body: string): [status: number, answer: object] => {
    if (method === 'GET' && path === '/phase') return [200, { id: phases.length }];
    if (method === 'POST' && path === '/phase') {
      const { error, data } = phaseData.safeParse(JSON.parse(body));
      if (error) return [400, { error: error.message }];
      return [200, { id: phases.push(data) }];
    }
    if (path.startsWith('/receipts/count')) return [200, countsAfter(seen)];
    const known = Object.keys(ANSWERS).find((candidate) => `${method} ${path}`.startsWith(candidate));
    return [200, known === undefined ? {} : (ANSWERS[known] ?? {})];
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '' } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    seen += 1;
    const [status, body] = url.startsWith('/lab')
      ? answerAsLab(method, url.slice('/lab'.length), String(Buffer.concat(chunks)))
      : [broken.includes(url) ? 500 : 200, {}];
    if (!url.startsWith('/lab')) calls.push(url);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  };
  return {
    ...(await listen((request, response) => void answer(request, response))),
    /** The phases that have begun, in order. */
    phases: phases as readonly PhaseData[],
    /** The paths of the calls to the service, in order. */
    calls: calls as readonly string[],
    /** The number of requests so far. */
    get seen() {
      return seen;
    },
  };
}
