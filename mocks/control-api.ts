import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { z } from 'zod';
import { certificateKinds } from './certificates.ts';
import { type FaultPlan, isSpent, type PlannedFault } from './fault-plan.ts';
import { parseFault } from './parse-fault.ts';
import { parseFields } from './parse-fields.ts';
import type { Receipts } from './receipts.ts';
import { Refusal } from './refusal.ts';
import { sendReceipts } from './send-receipts.ts';
import type { UpstreamServer } from './server.ts';

/** What the control API controls: the upstreams by name, and the receipts of all of them. */
export interface Controlled {
  readonly upstreams: ReadonlyMap<string, { readonly plan: FaultPlan; readonly server: UpstreamServer }>;
  readonly receipts: Receipts;
}

interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  readonly does: string;
  handle(request: Request, response: Response): void;
}

const certificateFields = {
  kind: z.enum(certificateKinds).describe(certificateKinds.join(', ')),
};
const sequenceNumber = z.coerce.number().int().min(0).default(0).describe('a whole number, 0 or more');

/** The control API of the fakes, as an Express app. Errors are `{"error":{"code","message"}}`. */
export function createControlApi({ upstreams, receipts }: Controlled): Express {
  const names = [...upstreams.keys()];
  const upstreamOf = ({ params }: Request) => {
    const name = String(params.upstream);
    const upstream = upstreams.get(name);
    if (!upstream)
      throw new Refusal('unknown-upstream', `unknown upstream "${name}"; allowed: ${names.join(', ')}`, 404);
    return upstream;
  };
  const upstreamName = z.enum(names).optional().describe(names.join(', '));

  const routes: Route[] = [
    {
      method: 'post',
      path: '/upstreams/:upstream/faults',
      does: 'adds a fault',
      handle: (request, response) => {
        const { plan } = upstreamOf(request);
        response.status(201).json(describe(plan.add(parseFault(request.body))));
      },
    },
    {
      method: 'get',
      path: '/upstreams/:upstream/faults',
      does: 'tells the active and the spent faults with their counts',
      handle: (request, response) => {
        response.json({ faults: upstreamOf(request).plan.list().map(describe) });
      },
    },
    {
      method: 'delete',
      path: '/upstreams/:upstream/faults',
      does: 'heals every fault of the upstream',
      handle: (request, response) => {
        response.json({ healed: upstreamOf(request).plan.healAll().map(describe) });
      },
    },
    {
      method: 'delete',
      path: '/upstreams/:upstream/faults/:id',
      does: 'heals one fault',
      handle: (request, response) => {
        const { plan } = upstreamOf(request);
        const known = plan.list().map(({ id }) => id);
        const healed = plan.heal(String(request.params.id));
        if (!healed) {
          const allowed = known.join(', ') || 'none, the upstream has no fault';
          throw new Refusal('unknown-fault', `unknown fault "${request.params.id}"; allowed: ${allowed}`, 404);
        }
        response.json({ healed: [describe(healed)] });
      },
    },
    {
      method: 'delete',
      path: '/faults',
      does: 'heals every fault of every upstream, and the certificates',
      handle: (_request, response) => {
        const healed = [...upstreams.values()].flatMap(({ plan, server }) => {
          server.useCertificate('trusted');
          return plan.healAll();
        });
        response.json({ healed: healed.map(describe) });
      },
    },
    {
      method: 'put',
      path: '/upstreams/:upstream/certificate',
      does: `shows another certificate: ${certificateKinds.join(', ')}`,
      handle: (request, response) => {
        const { server } = upstreamOf(request);
        const { kind } = parseFields(certificateFields, request.body, 'certificate');
        server.useCertificate(kind);
        response.json({ kind });
      },
    },
    {
      method: 'get',
      path: '/receipts',
      does: 'tells the receipts; ?upstream=NAME only of one, ?after=SEQ only newer ones',
      handle: (request, response) => {
        const { upstream, after } = parseFields(
          { upstream: upstreamName, after: sequenceNumber },
          request.query,
          'receipts',
        );
        sendReceipts(response, receipts, { after, upstream });
      },
    },
    {
      method: 'get',
      path: '/receipts/count',
      does: 'counts the receipts; ?upstream=NAME only of one',
      handle: (request, response) => {
        const { upstream } = parseFields({ upstream: upstreamName }, request.query, 'receipts/count');
        response.json({ ...receipts.count(upstream), last: receipts.last });
      },
    },
  ];
  return mount(routes);
}

function mount(routes: Route[]): Express {
  const listing = routes.map(({ method, path, does }) => `${method.toUpperCase()} ${path}  ${does}`);
  const app = express().disable('x-powered-by').disable('etag');
  app.use(refuseForeignHosts, express.json());
  app.get('/', (_request, response) => void response.type('text').send(`${listing.join('\n')}\n`));
  for (const { method, path, handle } of routes) app[method](path, handle);
  app.use((request: Request) => {
    throw new Refusal(
      'unknown-route',
      `unknown route ${request.method} ${request.path}; allowed: ${listing.join('; ')}`,
      404,
    );
  });
  return app.use(tellError);
}

// Without this a web page could reach the fakes through a name of its own that resolves to 127.0.0.1.
function refuseForeignHosts(request: Request, _response: Response, next: () => void): void {
  const host = request.headers.host ?? '';
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host)) {
    throw new Refusal('foreign-host', `host "${host}" is refused; allowed: 127.0.0.1, localhost, [::1]`, 403);
  }
  next();
}

const tellError: ErrorRequestHandler = (error, _request, response, _next) => {
  const { code, status, message } = error instanceof Refusal ? error : fromParser(error);
  response.status(status).json({ error: { code, message } });
};

function fromParser(error: { status?: number; message?: string }): Refusal {
  if (error.status === 413) return new Refusal('body-too-large', 'the body is too large; allowed: at most 100 kB', 413);
  if (error.status === 400) return new Refusal('invalid-json', `the body is not JSON: ${error.message}`);
  console.error(error);
  return new Refusal('internal', String(error.message), 500);
}

function describe(fault: PlannedFault) {
  const { id, kind, options, scope, seen, excluded, disrupted } = fault;
  return { id, kind, ...options, ...scope, state: isSpent(fault) ? 'spent' : 'active', seen, excluded, disrupted };
}
