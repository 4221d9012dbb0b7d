import { z } from 'zod';
import { parseFields } from '../../faults/base/parse-fields.ts';
import { Refusal } from '../../faults/base/refusal.ts';
import { type FaultTarget, upstreamOf } from '../../faults/control/controlled.ts';
import { faultOperations } from '../../faults/control/fault-operations.ts';
import type { Call, Operation } from '../../faults/control/operation.ts';
import { receiptOperations } from '../../faults/control/receipt-operations.ts';
import { CERTIFICATE_OPERATION, certificateFields } from '../../faults/control/upstream-operations.ts';
import { FaultPlan } from '../../faults/plan/fault-plan.ts';
import { Receipts } from '../../faults/receipts/receipts.ts';
import { now } from '../base/clock.ts';
import { DATABASE } from '../contract/uses-postgres.ts';
import type { FaultEvent } from '../history/events.ts';
import type { DatabaseTarget } from './database-target.ts';
import type { Fakes } from './fakes.ts';

/** The parts of a lab that faults can act on. `record` is called for each fault that is set or healed. */
export interface Breakable {
  /** Absent if the contract doesn't use PostgreSQL. */
  readonly database?: DatabaseTarget | undefined;
  readonly fakes: Fakes;
  readonly record: (event: FaultEvent) => void;
}

/**
 * Returns the operations for a lab's faults and certificates. All calls are validated here. Calls for the database are
 * also executed here, whereas calls for an upstream are forwarded to the fakes' control API, which has the same
 * operations.
 */
export function faultControl({ database, fakes, record }: Breakable): Operation[] {
  const upstreams = new Map<string, FaultTarget>([
    ...[...fakes.kinds].map(([name, kinds]) => [name, elsewhere(kinds)] as const),
    ...(database ? [[DATABASE, database] as const] : []),
  ]);
  const route = (operation: Operation): Operation => ({
    ...operation,
    prepare(call) {
      const { upstream } = call.params;
      if (upstream === DATABASE && !database) throw noDatabase();
      if (upstream !== undefined && upstream !== DATABASE) upstreamOf({ upstreams }, upstream);
      // Only the fakes can check the ID of one of their faults. Everything else is validated here.
      const here = operation.prepare(call);
      const there = () => fakes.pass(operation.method, pathOf(operation, call), call.body);
      return async (response) => {
        const askedAt = now();
        const answer = upstream === DATABASE ? await here(response) : await there();
        if (upstream === undefined) await here(response);
        note(operation, call, answer, (event) => record({ ...event, askedAt }));
        return answer;
      };
    },
  });
  return [...faultOperations({ upstreams }).map(route), certificateOperation({ database, fakes, record })];
}

/** Returns the operations for receipts. Each call must specify an upstream. */
export function receiptControl({ database, fakes }: Omit<Breakable, 'record'>): Operation[] {
  const receipts = database?.receipts ?? new Receipts();
  const names = [...(database ? [DATABASE] : []), ...Object.keys(fakes.upstreams)];
  const upstream = z.enum(names).describe(names.join(', '));
  const here = receiptOperations({ receipts, upstreams: new Map(names.map((name) => [name, undefined])) });
  return here
    .filter(({ path }) => path !== '/receipts/stream')
    .map((operation) => ({
      ...operation,
      query: { ...operation.query, upstream },
      prepare(call) {
        const query = parseFields({ ...operation.query, upstream }, call.query, operation.path.slice(1));
        if (query.upstream === DATABASE) return operation.prepare(call);
        const passedOn = new URLSearchParams(call.query as Record<string, string>);
        return () => fakes.pass('get', `${operation.path}?${passedOn}`);
      },
    }));
}

/** Stands in for an upstream in the fakes. Calls are validated against it but not executed. */
const elsewhere = (kinds: FaultTarget['kinds']): FaultTarget => ({
  plan: new FaultPlan(() => ''),
  kinds,
  healAll: () => [],
});

const noDatabase = (): Refusal =>
  new Refusal(
    'no-database',
    'the lab has no database; allowed if the contract has a pool, a ledger or a setting with ${postgres}',
    404,
  );

const certificateOperation = ({ database, fakes, record }: Breakable): Operation => ({
  ...CERTIFICATE_OPERATION,
  prepare({ params, body }) {
    const { upstream = '' } = params;
    if (upstream === DATABASE && !database) throw noDatabase();
    upstreamOf({ upstreams: new Map(Object.entries({ ...fakes.upstreams, [DATABASE]: DATABASE })) }, upstream);
    const { kind } = parseFields(certificateFields, body, 'certificate');
    return async () => {
      if (upstream === DATABASE) await database?.useCertificate(kind);
      else await fakes.pass('put', `/upstreams/${upstream}/certificate`, body);
      // Presenting an invalid certificate is not a fault with a receipt. Returning to the trusted one ends an outage,
      // like healing a fault.
      if (kind === 'trusted') record({ type: 'fault', at: now(), upstream, asked: { certificate: kind } });
      return { kind };
    };
  },
});

const pathOf = ({ path }: Operation, { params }: Call): string =>
  path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));

function note({ method }: Operation, { params, body }: Call, answer: unknown, record: Breakable['record']): void {
  const { upstream = 'all', id } = params;
  if (method === 'post') {
    const added = (answer as { id: string }).id;
    record({ type: 'fault', at: now(), upstream, id: added, asked: body as Record<string, unknown> });
  }
  if (method === 'patch' && id !== undefined) {
    const { id: _, state, seen, excluded, disrupted, ...fields } = answer as Record<string, unknown>;
    record({ type: 'fault', at: now(), upstream, asked: { healed: id } });
    record({ type: 'fault', at: now(), upstream, id, asked: fields });
  }
  if (method === 'delete')
    record({ type: 'fault', at: now(), upstream, asked: id === undefined ? {} : { healed: id } });
}
