import { z } from 'zod';
import type { ContractFile } from '../contract/contract.ts';
import { opens as opensSchema } from '../contract/schema/opens.ts';
import { type NumberSetting, numberSetting, oneOf, optional, seconds, status, whole } from './answers.ts';
import { askEndpointOf, type Endpoint, type Observe } from './ask-endpoints.ts';
import type { Ask, Interviewer } from './question.ts';
import { shortSeconds } from './short-numbers.ts';

type Described = NonNullable<ContractFile['breakers']>[string];
type Counted = NonNullable<ContractFile['profiles'][string]['breakers']>[string];
type DeclaredUpstream = NonNullable<ContractFile['upstreams']>[string];
type Opens = NonNullable<Counted['opens']>;

/** The breakers by the name of their upstream, their numbers, and further endpoints that show their state. */
export interface Breakers {
  described: Record<string, Described>;
  /** The numbers as the service has them. */
  counted: Record<string, Counted>;
  /** The shorter numbers for the profile `fast`, and the settings with which the service has them. */
  fast: { counted: Record<string, Counted>; environment: Record<string, string> };
  endpoints: Record<string, Endpoint>;
}

/**
 * Asks about the breaker of each upstream that an endpoint calls. Breakers in front of upstreams whose calls are not
 * counted can't be described.
 */
export async function askBreakers(
  interviewer: Interviewer,
  upstreams: Readonly<Record<string, DeclaredUpstream>>,
  endpoints: Readonly<Record<string, Endpoint>>,
  observe: Observe,
): Promise<Breakers> {
  const breakers: Breakers = { described: {}, counted: {}, fast: { counted: {}, environment: {} }, endpoints: {} };
  for (const [upstream, declared] of Object.entries(upstreams)) {
    const showing = (): string | undefined =>
      endpointOf(upstream, { ...endpoints, ...breakers.endpoints }, Object.keys(breakers.described));
    if (!isCounted(declared) || !Object.values(endpoints).some(({ reaches }) => reaches.includes(upstream))) continue;
    await interviewer.orLeaveOut(`the breaker of ${upstream}`, async () => {
      const described = await askBreaker(interviewer, upstream);
      if (!described) return;
      if (showing() === undefined) {
        const how = 'calls it before all with a breaker';
        const calling = { how, endpoints: { ...endpoints, ...breakers.endpoints }, observe };
        Object.assign(breakers.endpoints, await askEndpointOf(interviewer, upstream, calling));
      }
      const endpoint = showing();
      if (endpoint === undefined) {
        interviewer.tell(`Left out: the breaker of ${upstream}, since no endpoint calls it first and shows its state.`);
        return;
      }
      const { opening, times, open } = described;
      breakers.counted[upstream] = { ...opening, ...times.usual };
      breakers.fast.counted[upstream] = { ...opening, ...times.fast };
      Object.assign(breakers.fast.environment, times.environment);
      breakers.described[upstream] = { upstream, endpoint, ...open, failures: quickFor(declared) };
    });
  }
  return breakers;
}

/** Asks about a breaker. Returns undefined if there is none. */
async function askBreaker({ ask, group }: Interviewer, upstream: string) {
  await group(`Circuit breaker in front of ${upstream}`, {
    [`${upstream}.opens`]: 'opens after failures, or at a rate',
    [`${upstream}.window`]: 'within',
    [`${upstream}.minimum`]: 'if there were so many calls',
    [`${upstream}.boundary`]: 'at that rate, or above it',
    [`${upstream}.recovery`]: 'half-open after seconds',
    [`${upstream}.recoverySetting`]: '  which is in',
    [`${upstream}.timeout`]: 'calls time out after seconds',
    [`${upstream}.timeoutSetting`]: '  which is in',
    [`${upstream}.refusal`]: 'status while it is open',
    [`${upstream}.trials`]: 'calls at once while half-open',
    [`${upstream}.toClose`]: 'successes that close it',
  });
  const opening = await askOpening(ask, upstream);
  if (!opening) return undefined;
  return { opening, times: await askTimes(ask, upstream), open: await askOpen(ask, upstream) };
}

/** Returns an endpoint that calls the upstream before all upstreams with a breaker, or undefined if there is none. */
function endpointOf(
  upstream: string,
  endpoints: Readonly<Record<string, Endpoint>>,
  guarded: readonly string[],
): string | undefined {
  const found = Object.entries(endpoints).find(([, { reaches }]) => {
    const index = reaches.indexOf(upstream);
    return index !== -1 && !reaches.slice(0, index).some((reached) => guarded.includes(reached));
  });
  return found?.[0];
}

/** Asks after which failures the breaker opens. Returns undefined if there is no breaker. */
async function askOpening(ask: Ask, upstream: string): Promise<Pick<Counted, 'threshold' | 'opens'> | undefined> {
  const opening = await ask({
    name: `${upstream}.opens`,
    ask: `${upstream}: after how many consecutive failures does its breaker open, or at which rate, such as 5 or 50%, or none?`,
    ...optional(opensAt),
  });
  if (opening === undefined) return undefined;
  return 'rate' in opening ? { opens: await askRate(ask, upstream, opening.rate) } : opening;
}

const WHEN = 'a number of failures from 2 on, or a rate from 1% to 100%';

const opensAt = z
  .string()
  .regex(/^\d+(\.\d+)?\s*%?$/, WHEN)
  .transform((entered) =>
    entered.endsWith('%') ? { rate: Number.parseFloat(entered) / 100 } : { threshold: Number(entered) },
  )
  .refine(
    (answer) =>
      'rate' in answer ? answer.rate > 0 && answer.rate <= 1 : answer.threshold >= 2 && answer.threshold % 1 === 0,
    WHEN,
  );

async function askRate(ask: Ask, upstream: string, rate: number): Promise<Opens> {
  const window = await ask({
    name: `${upstream}.window`,
    ask: 'In which window, as "10 seconds" or "100 calls"?',
    answer: valid(windowAnswer, (entered) => ({ rate, window: entered, minimum: 2 })),
  });
  const minimum = await ask({
    name: `${upstream}.minimum`,
    ask: 'How many calls must the window have before the rate counts?',
    usual: 'calls' in window ? String(window.calls) : '',
    answer: valid(whole, (entered) => ({ rate, window, minimum: entered })),
  });
  if (rate === 1) return { rate, window, minimum };
  const boundary = await ask({
    name: `${upstream}.boundary`,
    ask: 'Does it open at that rate (resilience4j, Polly), or only above it (opossum)?',
    answer: oneOf(['at', 'above']),
  });
  return { rate, window, minimum, boundary };
}

const windowAnswer = z
  .string()
  .regex(/^\d+(\.\d+)? (seconds|calls)$/, 'as "10 seconds" or "100 calls"')
  .transform((entered): Opens['window'] => {
    const [amount, unit] = entered.split(' ');
    return unit === 'calls' ? { calls: Number(amount) } : { seconds: Number(amount) };
  });

/** Returns a schema that also rejects answers with which the opening is not valid. */
const valid = <Answer>(
  schema: z.ZodType<Answer, string>,
  complete: (answer: Answer) => Opens,
): z.ZodType<Answer, string> =>
  schema.superRefine((answer, { addIssue }) => {
    const { error } = opensSchema.safeParse(complete(answer));
    if (error) addIssue(error.issues[0]?.message ?? 'not valid');
  });

/** Asks how long it stays open and how long calls take, and which settings make both shorter. */
async function askTimes(ask: Ask, upstream: string) {
  const recoverySeconds = await ask({
    name: `${upstream}.recovery`,
    ask: 'After how many seconds does it become half-open?',
    answer: seconds,
  });
  const recovery = await askSetting(ask, `${upstream}.recovery`, recoverySeconds);
  const callTimeoutSeconds = await ask({
    name: `${upstream}.timeout`,
    ask: `After how many seconds does a call to ${upstream} time out, or none if that is not promised?`,
    ...optional(seconds),
  });
  const timeout =
    callTimeoutSeconds === undefined ? undefined : await askSetting(ask, `${upstream}.timeout`, callTimeoutSeconds);
  const usual = { recoverySeconds, ...(callTimeoutSeconds !== undefined && { callTimeoutSeconds }) };
  const shorter = [shortSeconds(recoverySeconds, recovery), shortSeconds(callTimeoutSeconds ?? 0, timeout)] as const;
  return {
    usual,
    fast: {
      recoverySeconds: shorter[0].seconds,
      ...(callTimeoutSeconds !== undefined && { callTimeoutSeconds: shorter[1].seconds }),
    },
    environment: { ...shorter[0].environment, ...shorter[1].environment },
  };
}

/** Asks which setting holds a number of seconds that is long for a test. */
const askSetting = (ask: Ask, name: string, long: number): Promise<NumberSetting | undefined> =>
  ask({
    name: `${name}Setting`,
    ask: `Which environment variable sets these ${long} seconds, such as RESET_MS or "RESET s", or none? Tests then use a shorter time`,
    ...optional(numberSetting),
    isRare: long <= LONG_SECONDS,
  });

/** Times from which on a shorter one saves time. */
const LONG_SECONDS = 5;

/** Asks how the breaker behaves once it is open. */
async function askOpen(ask: Ask, upstream: string): Promise<Pick<Described, 'refusal' | 'trials' | 'trialsToClose'>> {
  const refusal = await ask({
    name: `${upstream}.refusal`,
    title: `Status while the breaker of ${upstream} is open`,
    ask: 'With which status does the endpoint respond while it is open?',
    answer: status,
  });
  const trials = await ask({
    name: `${upstream}.trials`,
    ask: 'How many calls at once does it allow while half-open: a number, or any?',
    usual: '1',
    answer: z.union([z.literal('any'), whole.refine((entered) => entered <= 100)], 'a number up to 100, or any'),
  });
  if (trials === 1) return { refusal };
  const trialsToClose = await ask({
    name: `${upstream}.toClose`,
    ask: 'How many of them must succeed to close it?',
    usual: trials === 'any' ? '1' : String(trials),
    answer: whole.refine((entered) => trials === 'any' || entered <= trials, `at most ${trials}`),
  });
  return { refusal, trials, trialsToClose };
}

const isCounted = (upstream: DeclaredUpstream): boolean => !('tcp' in upstream) || upstream.calls !== undefined;

/** Returns failures that every client notices immediately, at least one of which is attempted only once. */
function quickFor(upstream: DeclaredUpstream): Described['failures'] {
  if ('tcp' in upstream) return [{ kind: 'reset' }];
  const isRepeated = upstream.calls !== undefined && (upstream.calls.attempts ?? 1) > 1;
  return [{ kind: 'status', status: 500 }, ...(isRepeated ? [{ kind: 'malformed-json' }] : [])];
}
