import { z } from 'zod';
import { certificateKinds } from '../../faults/certificates/certificate-kinds.ts';
import { ProofloadError } from '../base/errors.ts';
import { environment, numbers } from './numbers.ts';

const endpoint = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z.string().startsWith('/').describe('${unique} in it stands for a text of its own in each request'),
  body: z.json().optional().describe('${unique} in it stands for a text of its own in each request'),
  user: z
    .string()
    .optional()
    .describe('the user that a request speaks for; ${unique} stands for the same text in all parts of one request'),
  served: z.array(z.int()).min(1).describe('statuses of a request that was served'),
  reaches: z.array(z.string()).default([]).describe('the upstreams that one request calls, in order, each once'),
  servedWithout: z
    .array(z.string())
    .default([])
    .describe('those of them without which a call is served all the same, in another way, while their breaker is open'),
});

const logPattern = z
  .array(z.string())
  .min(1)
  .describe('texts that a line of the log must hold, all of them; {failures} and {recovery} stand for numbers');

const retryAfter = z
  .boolean()
  .default(false)
  .describe('whether the refusal says in Retry-After when to come back, in whole seconds');

const fault = z.looseObject({ kind: z.string() });

const breaker = z.strictObject({
  upstream: z.string(),
  endpoint: z.string().describe("an endpoint that reaches this breaker's upstream before any other that has a breaker"),
  refusal: z.int().describe('the status of a call that an open breaker refuses'),
  retryAfter,
  trials: z
    .enum(['one', 'any'])
    .default('one')
    .describe('how many calls a half-open breaker lets through until one of them has decided: one, or all that come'),
  openings: z
    .strictObject({ endpoint: z.string(), metric: z.string() })
    .optional()
    .describe('the metric that counts its openings, as a line of the metrics endpoint names it'),
  untouched: z
    .array(z.string())
    .default([])
    .describe('endpoints that an outage of its upstream leaves as fast as they were'),
  failures: z
    .array(fault)
    .min(1)
    .describe(
      'faults of the upstream that count as failures, in any order; at least one fails a call at once (not hang, stall, latency, ' +
        'latency-ramp, slow-first-token, refuse or certificate)',
    ),
  ignored: z
    .array(fault)
    .default([])
    .describe('faults that neither count as failures nor set the count back, such as a 4xx'),
  harmless: z
    .array(fault)
    .default([])
    .describe('faults under which a call is served all the same, and sets the count back'),
  log: z
    .strictObject({
      opened: logPattern,
      halfOpen: logPattern.optional().describe('absent: the log does not tell it, or no line says which breaker it is'),
      closed: logPattern,
    })
    .optional(),
});

const limiter = z.strictObject({
  window: z
    .enum(['first-request', 'clock', 'sliding'])
    .default('first-request')
    .describe(
      "where a window begins: with a client's first request, at multiples of its length since the epoch, or anew with each",
    ),
  retryAfter,
  headers: z
    .array(z.enum(['draft-6', 'draft-7', 'draft-8', 'x-ratelimit']))
    .default([])
    .describe(
      'rate-limit headers that every answer of a limited endpoint carries, by the draft that defines them: RateLimit-* up to ' +
        '6, RateLimit as a dictionary in 7, as a list of policies from 8 on; or X-RateLimit-*',
    ),
});

const tls = z.strictObject({
  refused: z
    .array(z.enum(certificateKinds).exclude(['trusted']))
    .default(certificateKinds.filter((kind) => kind !== 'trusted'))
    .describe('the kinds of certificates of an upstream that must be refused; absent: all that the lab has'),
  refusal: z.int().optional().describe('the status of a call whose upstream shows one'),
});

const exitCode = z.int().min(1).max(255).optional().describe('what a refused start exits with; absent: anything but 0');

const refusedStart = z.strictObject({
  settings: z.record(z.string(), z.string().nullable()).describe('settings of the service; null: none'),
  says: z.string().describe('what the refused start says'),
  exitCode,
});

const secret = z.strictObject({
  setting: z.string(),
  weak: z.record(z.string(), z.string().nullable()).describe('values that must be refused at the start; null: none'),
  strong: z.record(z.string(), z.string()).describe('values that must not be refused'),
  refusal: z.string().describe('what a refused start says'),
  exitCode,
});

const authentication = z
  .strictObject({
    kind: z.literal('bearer-jwt-hs256').describe('a JWT in Authorization: Bearer; its sub is the user'),
    keySetting: z.string().describe('the setting of the service whose value signs the token'),
    validSeconds: z.number().positive().default(300),
  })
  .describe("how a request proves its endpoint's user");

const ledger = z
  .strictObject({
    endpoint: z.string().describe('an endpoint each of whose requests stores a row'),
    table: z.string(),
    column: z.string().describe('the column that tells whose row it is'),
    key: z.string().includes('${unique}').describe('what that column holds for a request, ${unique} as in its parts'),
    acknowledged: z.array(z.int()).min(1).describe('statuses by which the service says that the row is stored'),
  })
  .describe('where it can be seen whether what was acknowledged is kept');

const capacity = z
  .strictObject({
    endpoint: z.string().describe('the endpoint that is asked'),
    refusal: z.int().describe('the status of a request that is one too many'),
  })
  .describe('what of a load beyond its capacity becomes');

const gauge = z.strictObject({
  endpoint: z.string(),
  metric: z.string().describe('as a line of the endpoint names it'),
});

const isReachable = (url: string): boolean => URL.canParse(url) && new URL(url).port !== '0';

const running = z
  .strictObject({
    url: z
      .string()
      .regex(/^http:\/\/127(\.\d{1,3}){3}(:\d+)?\/?$/, 'has to be on this machine, such as http://127.0.0.1:8000')
      .refine(isReachable, 'has to have an address of 127.0.0.0/8 and a port from 1 to 65535'),
    log: z.string().optional().describe('the file that it writes its log to, followed while a scenario runs'),
  })
  .describe('where it runs already: proofload then neither starts it, nor changes its settings, nor ends it');

const start = z
  .strictObject({
    command: z
      .array(z.string())
      .min(1)
      .optional()
      .describe('started where proofload is; ${…} is filled in by the lab. This, or running'),
    running: running.optional(),
    readyPath: z.string().startsWith('/').describe('answers 2xx once the service can be used'),
    readySeconds: z.number().positive().describe('how long that may take'),
  })
  .refine(({ command, running }) => (command === undefined) !== (running === undefined), 'needs a command, or running');

/** A scenario calls each endpoint, some of them dozens of times. */
const MOST_ENDPOINTS = 1_000;

export const contractSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string(),
  start,
  environment: environment.default({}),
  conditions: z
    .record(z.string(), environment)
    .default({})
    .describe('conditions that a scenario may ask for, by name, and the settings that bring them about'),
  endpoints: z
    .record(z.string(), endpoint)
    .refine((endpoints) => Object.keys(endpoints).length <= MOST_ENDPOINTS, `has more than ${MOST_ENDPOINTS} endpoints`)
    .describe(`by name; at most ${MOST_ENDPOINTS}`),
  health: z
    .string()
    .optional()
    .describe(
      'an endpoint that is served whatever is broken, since it waits for nothing; absent: the one named health',
    ),
  breakers: z.record(z.string(), breaker).default({}).describe('named llm and memory'),
  authentication: authentication.optional(),
  client: z
    .enum(['socket', 'last-forwarded'])
    .default('socket')
    .describe("what a client is known by: its socket's address, or the last entry of X-Forwarded-For"),
  limiter: limiter.prefault({}),
  pool: z
    .strictObject({ table: z.string(), endpoint: z.string(), refusal: z.int(), retryAfter })
    .optional()
    .describe('a table that one endpoint reads once a request, and the status where no connection is to be had'),
  tls: tls.prefault({}),
  secret: secret.optional(),
  refusedStarts: z
    .record(z.string(), refusedStart)
    .optional()
    .describe('settings with which the service must not start, by what is wrong with them'),
  ledger: ledger.optional(),
  capacity: capacity.optional(),
  cpu: gauge.optional().describe('where the process tells the seconds of processor time that it has used'),
  requires: z
    .array(z.string())
    .default([])
    .describe(
      'scenarios or suites, such as chaos/llm-outage: a run that has one of them and can not judge it is INCONCLUSIVE',
    ),
  memory: gauge.optional().describe('where the process tells the bytes of memory that it has'),
  profiles: z.record(z.string(), numbers).describe('by name; "fast" is used where none is asked for'),
});

/** What a service promises, and how it is started: all that the harness knows of it. What is absent is not judged. */
export type Contract = z.output<typeof contractSchema>;

/** A contract as it is written in a file: fields with a default may be left out. */
export type ContractFile = z.input<typeof contractSchema>;

/** The numbers of one profile: limits, thresholds, timeouts in seconds, ceilings. */
export type Numbers = z.output<typeof numbers>;

/**
 * What of a contract a scenario judges. How the service is started is no part of it, and its settings may hold secrets; what a run
 * has to judge is no part of a scenario.
 */
export const promises = contractSchema.omit({
  start: true,
  environment: true,
  conditions: true,
  requires: true,
  profiles: true,
});

/** What of a profile's numbers is judged. */
export const judgedNumbers = numbers.omit({ environment: true });

/** The name of the endpoint that is served whatever is broken; undefined where the contract has none. */
export const healthOf = ({ health, endpoints }: Pick<Contract, 'health' | 'endpoints'>): string | undefined =>
  health ?? ('health' in endpoints ? 'health' : undefined);

/** @throws ProofloadError USAGE where the contract has no such profile. */
export function numbersOf(contract: Contract, profile: string): Numbers {
  const found = contract.profiles[profile];
  if (found) return found;
  const known = Object.keys(contract.profiles).join(', ');
  throw new ProofloadError('USAGE', `there is no profile "${profile}" in the contract; there are ${known}`);
}
