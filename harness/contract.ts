import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { messageOf, ProofloadError } from './errors.ts';

/** Settings of the service's process; `${…}` in a value is filled in by the lab (see lab/placeholders.ts). */
const environment = z.record(z.string(), z.string());

const endpoint = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z.string().startsWith('/'),
  body: z.json().optional(),
  /** Statuses of a request that was served. */
  served: z.array(z.int()).min(1),
  /** The upstreams that one request calls, in order, each once. */
  reaches: z.array(z.string()).default([]),
});

/** Texts that a line of the log must hold, all of them; `{failures}` and `{recovery}` stand for numbers. */
const logPattern = z.array(z.string()).min(1);

const breaker = z.strictObject({
  upstream: z.string(),
  /** An endpoint that reaches this breaker's upstream before any other. */
  endpoint: z.string(),
  /** The status of a call that an open breaker refuses. */
  refusal: z.int(),
  /** The metric that counts its openings, as a line of the metrics endpoint names it. */
  openings: z.strictObject({ endpoint: z.string(), metric: z.string() }).optional(),
  /** Faults of the upstream that count as failures; the first `threshold` open the breaker, the last fails a trial. */
  failures: z.array(z.looseObject({ kind: z.string() })).min(1),
  log: z.strictObject({ opened: logPattern, halfOpen: logPattern, closed: logPattern }).optional(),
});

const numbers = z.strictObject({
  environment,
  limits: z.record(z.string(), z.strictObject({ max: z.int().positive(), windowSeconds: z.number().positive() })),
  breakers: z.record(z.string(), z.strictObject({ threshold: z.int().min(2), recoverySeconds: z.number().positive() })),
  pool: z.strictObject({
    max: z.int().positive(),
    queueMax: z.int().nonnegative(),
    acquireTimeoutSeconds: z.number().positive(),
  }),
});

const contractSchema = z.strictObject({
  name: z.string(),
  start: z.strictObject({
    command: z.array(z.string()).min(1),
    readyPath: z.string().startsWith('/'),
    readySeconds: z.number().positive(),
  }),
  environment,
  /** Conditions that a scenario may ask for, by name, and the settings that bring them about. */
  conditions: z.record(z.string(), environment),
  endpoints: z.record(z.string(), endpoint),
  breakers: z.record(z.string(), breaker),
  /** What a client is known by: its socket's address, or the last entry of X-Forwarded-For. */
  client: z.enum(['socket', 'last-forwarded']),
  pool: z.strictObject({ table: z.string(), endpoint: z.string(), refusal: z.int() }),
  secret: z.strictObject({
    setting: z.string(),
    /** Values that must be refused at the start, and such that must not; null stands for none. */
    weak: z.record(z.string(), z.string().nullable()),
    strong: z.record(z.string(), z.string()),
    refusal: z.string(),
  }),
  profiles: z.record(z.string(), numbers),
});

/** What a service promises, and how it is started: all that the harness knows of it. */
export type Contract = z.output<typeof contractSchema>;

/** The numbers of one profile: limits, thresholds, timeouts in seconds, ceilings. */
export type Numbers = z.output<typeof numbers>;

/**
 * Reads a contract: the default export of a TypeScript or JavaScript module, or a JSON file.
 *
 * @throws ProofloadError CONTRACT_INVALID, with every problem in one message.
 */
export async function loadContract(path: string): Promise<Contract> {
  const parsed = contractSchema.safeParse(await read(resolve(path)));
  if (!parsed.success) {
    throw new ProofloadError('CONTRACT_INVALID', `${path} is no valid contract:\n${z.prettifyError(parsed.error)}`);
  }
  const problems = danglingNames(parsed.data);
  if (problems.length > 0) {
    throw new ProofloadError('CONTRACT_INVALID', `${path} is no valid contract:\n${problems.join('\n')}`);
  }
  return parsed.data;
}

async function read(path: string): Promise<unknown> {
  try {
    if (path.endsWith('.json')) return JSON.parse(await readFile(path, 'utf8'));
    return ((await import(pathToFileURL(path).href)) as { default?: unknown }).default;
  } catch (error) {
    throw new ProofloadError('CONTRACT_INVALID', `${path} can't be read: ${messageOf(error)}`, { cause: error });
  }
}

/** Names in one part of a contract that another part does not define, a line each. */
function danglingNames({ endpoints, breakers, pool, profiles }: Contract): string[] {
  const missing = (where: string, name: string, known: object) =>
    name in known ? [] : [`✖ ${where}: there is no "${name}"; there are ${Object.keys(known).join(', ')}`];
  return [
    ...Object.entries(breakers).flatMap(([name, { endpoint: at }]) =>
      missing(`breakers.${name}.endpoint`, at, endpoints),
    ),
    ...missing('pool.endpoint', pool.endpoint, endpoints),
    ...Object.entries(profiles).flatMap(([profile, { limits, breakers: of }]) => [
      ...Object.keys(limits).flatMap((name) => missing(`profiles.${profile}.limits`, name, endpoints)),
      ...Object.keys(breakers).flatMap((name) => missing(`profiles.${profile}.breakers`, name, of)),
    ]),
  ];
}

/** @throws ProofloadError USAGE where the contract has no such profile. */
export function numbersOf(contract: Contract, profile: string): Numbers {
  const found = contract.profiles[profile];
  if (found) return found;
  const known = Object.keys(contract.profiles).join(', ');
  throw new ProofloadError('USAGE', `there is no profile "${profile}" in the contract; there are ${known}`);
}
