import { z } from 'zod';
import { parseEach } from '../base/parse-each.ts';
import { parseFields } from '../base/parse-fields.ts';
import { Refusal } from '../base/refusal.ts';
import { findOperation } from './dispatch.ts';
import type { Operation } from './operation.ts';
import type { PlannedCall } from './recorded-calls.ts';

// Node fires timers with a longer delay immediately.
const LONGEST_TIMER_MS = 2_147_483_647;

const callFields = {
  atMilliseconds: z
    .number()
    .min(0)
    .max(LONGEST_TIMER_MS)
    .describe(`a number of milliseconds from 0 to ${LONGEST_TIMER_MS}`),
  method: z.string().describe('POST, PUT, PATCH or DELETE'),
  path: z.string().describe('a path of the control API, for example "/upstreams/groq/faults"'),
  body: z.unknown().optional().describe('the body of the request'),
  id: z.string().optional().describe('the ID of the fault that this call added, which later calls refer to'),
};

/** The schema for plans. It is used only for documentation, because `parsePlan` does the validation. */
export const planSchema = z.union([
  z.array(z.looseObject({ upstream: z.string(), kind: z.string() })),
  z.object({ calls: z.array(z.strictObject({ ...callFields, body: z.json().optional() })) }),
]);

/**
 * Parses a plan, which has one of two forms. It can be an array of faults, each with its `upstream`, which are all
 * added immediately (`afterMilliseconds` delays a fault). Or it can be `{"calls":[…]}` as returned by `GET /plan`.
 *
 * @throws Refusal `invalid-plan` with the problems in all entries
 */
export function parsePlan(plan: unknown, operations: readonly Operation[]): PlannedCall[] {
  const planned = operations.filter(({ isPlanned }) => isPlanned);
  const calls = Array.isArray(plan)
    ? parseEach(plan, 'fault', (entry) => parseEntry(entry, planned))
    : parseEach(callsOf(plan), 'call', (entry) => parseCall(entry, planned));
  return calls.toSorted((a, b) => a.atMilliseconds - b.atMilliseconds);
}

function callsOf(plan: unknown): unknown[] {
  const calls = typeof plan === 'object' && plan !== null && 'calls' in plan ? plan.calls : undefined;
  if (Array.isArray(calls)) return calls;
  throw new Refusal(
    'invalid-plan',
    'not a plan; allowed: an array of faults, each with its "upstream", or {"calls": […]} as returned by GET /plan',
  );
}

function parseEntry(entry: unknown, planned: Operation[]): PlannedCall {
  const { upstream, ...fault } = Object(entry) as Record<string, unknown>;
  const call = { atMilliseconds: 0, method: 'POST', path: `/upstreams/${upstream}/faults`, body: fault };
  return parseCall(call, planned);
}

function parseCall(entry: unknown, planned: Operation[]): PlannedCall {
  const { atMilliseconds, method, path, body, id } = parseFields(callFields, entry, 'call');
  const found = findOperation(planned, method, path);
  if (!found) {
    const allowed = planned.map((operation) => `${operation.method.toUpperCase()} ${operation.path}`).join(', ');
    throw new Refusal('unknown-route', `unknown route ${method} ${path}; allowed: ${allowed}`);
  }
  found.operation.prepare({ params: found.params, query: {}, body });
  return {
    atMilliseconds,
    method,
    path,
    ...(body === undefined ? {} : { body }),
    ...(id === undefined ? {} : { id }),
  };
}
