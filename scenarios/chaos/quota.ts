import type { PlannedAction } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { breakCalls } from '../lib/break-calls.ts';
import { context, type Fault, find, promised, reaching } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { call, isServed, unique } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { planOf, step, take } from '../lib/steps.ts';
import { pause, together, until } from '../lib/wait.ts';
import { nth } from '../lib/working.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

/** An upstream with a quota. */
type Limited = NonNullable<(typeof context.upstreams)[string]['quota']> & { readonly upstream: string };

const LIMITED = Object.entries(context.upstreams).flatMap(([upstream, { quota }]): Limited[] => {
  return quota === undefined ? [] : [{ upstream, ...quota }];
});
promised(LIMITED[0], 'quota of an upstream (upstreams.NAME.quota)');

/** How long an upstream tells the service to wait, in seconds. A date is in whole seconds, so it needs another one. */
const WAIT_SECONDS = 2;
/** How many callers call meanwhile, and how long before the end the last of them does, in milliseconds. */
const [MEANWHILE, BEFORE_MS] = [5, 300];
/** How long the service has to read the answer before others call, in milliseconds. */
const READ_MS = 200;
/** How long after the end another caller calls, in milliseconds. A reset may be a time in whole seconds. */
const [AFTER_MS, AFTER_RESET_MS] = [300, 1_300];
/** The room that a quota must have for a step, in requests. */
const ROOM = 4;

/** The longest text that makes a prompt long, in characters. Four are a token. */
const LONGEST_TEXT = 4_000;
const [TOKEN, FEW_CALLS] = [4, 8];
/** The most callers at once, and how often those who were refused call again in a window. */
const [MOST_CALLERS, AGAIN] = [200, 8];
/** How many windows the pressure lasts. The second one shows windows that begin at fixed times. */
const WINDOWS = 1.25;
/** How much of a quota is served at most, in windows. Two are possible in the time. */
const MOST_WINDOWS = 3;

type Waiting = PlannedAction<'told to wait'>;

/** The ways in which an upstream tells the service to wait, by their names. */
function waitsOf({ obeys, requests, tokens }: Limited): [name: string, fault: Fault, seconds: number][] {
  const status = { kind: 'status', status: 429 };
  const spent = (of: string): Fault => ({ kind: 'nothing-left', of, seconds: WAIT_SECONDS });
  const all: [string, Fault, number, boolean][] = [
    ['retry-after', { ...status, retryAfter: { seconds: WAIT_SECONDS } }, WAIT_SECONDS, obeys.includes('retry-after')],
    [
      'retry-after date',
      { ...status, retryAfter: { dateInSeconds: WAIT_SECONDS + 1 } },
      WAIT_SECONDS + 1,
      obeys.includes('retry-after'),
    ],
    ['no requests remain', spent('requests'), WAIT_SECONDS, obeys.includes('remaining') && requests !== undefined],
    ['no tokens remain', spent('tokens'), WAIT_SECONDS, obeys.includes('remaining') && tokens !== undefined],
  ];
  return all.flatMap(([name, fault, seconds, isObeyed]) => (isObeyed ? [[name, fault, seconds]] : []));
}

const STEPS = LIMITED.flatMap((limited) => {
  const { upstream, requests, tokens } = limited;
  return [
    ...waitsOf(limited).map(([fault, data, seconds]) =>
      step({ action: 'told to wait', upstream, fault }, (planned) => tell(planned, limited, data, seconds)),
    ),
    ...(requests === undefined
      ? []
      : [step({ action: 'beyond the quota', upstream }, (planned) => press(planned, limited, requests))]),
    ...(tokens === undefined
      ? []
      : [step({ action: 'beyond the quota of tokens', upstream }, (planned) => spend(planned, limited, tokens))]),
  ];
});

export const proof: Proof = {
  about:
    'Sends more calls than the quota of an upstream allows, and lets the upstream tell the service to wait. The upstream ' +
    'never gets more than the quota, calls beyond it are refused or queued, and none comes before the promised time.',
  judges: 'quotas of upstreams',
  clients: 1,
  seconds:
    3 +
    LIMITED.reduce((sum, limited) => {
      const pressures = Number(limited.requests !== undefined) + Number(limited.tokens !== undefined);
      return sum + waitsOf(limited).length * (WAIT_SECONDS + 3) + pressures * 3 * limited.seconds;
    }, 0),
  conditions: ['no-rate-limits', 'small-quotas'],
  holds: ['steady-state', 'quota-kept', 'beyond-quota-answered', 'told-waits-kept', 'recovers'],
  plan: planOf(STEPS),
};

export default async function (): Promise<void> {
  await steady('steady', { any: LIMITED.flatMap(({ upstream }) => reaching(upstream)) });
  await take(STEPS);
  for (const { seconds } of LIMITED) await pause(seconds * 1_000);
  await steady('steady again');
}

/** What had been used when a quota was certainly unused. */
const unusedAt = new Map<string, { requests: number; tokens: number }>();

/** Waits until the quota has room for some calls. What was used since the last such wait may still count. */
async function room({
  upstream,
  requests = Number.POSITIVE_INFINITY,
  tokens = Number.POSITIVE_INFINITY,
  seconds,
}: Limited): Promise<void> {
  const used = await lab.used(upstream);
  const before = unusedAt.get(upstream) ?? { requests: 0, tokens: 0 };
  const perCall = used.tokens / Math.max(1, used.requests);
  const isEnough =
    used.requests - before.requests + ROOM <= requests && used.tokens - before.tokens + ROOM * perCall <= tokens;
  if (isEnough) return;
  await pause(seconds * 1_000);
  unusedAt.set(upstream, used);
}

/** Lets the upstream tell the service to wait, and calls meanwhile and afterwards. */
async function tell(planned: Waiting, limited: Limited, fault: Fault, seconds: number): Promise<void> {
  const { upstream } = limited;
  await room(limited);
  const phase = await lab.phase(planned);
  const [arrived, names] = [await lab.arrivals(upstream), reaching(upstream)];
  await breakCalls(upstream, fault, 1);
  const first = call(nth(names, 0), { phase, about: 'first' });
  await until(async () => (await lab.arrivals(upstream)) > arrived, 3_000);
  const between = (seconds * 1_000 - READ_MS - BEFORE_MS) / MEANWHILE;
  const meanwhile = together(MEANWHILE, async (index) => {
    await pause(READ_MS + between * (index + 0.5));
    return call(nth(names, index), { phase, about: 'meanwhile' });
  });
  await pause(seconds * 1_000 + (fault.kind === 'nothing-left' ? AFTER_RESET_MS : AFTER_MS));
  await lab.heal(upstream);
  // The first call may have used up a small quota.
  if ((limited.requests ?? ROOM) < ROOM) await pause(limited.seconds * 1_000);
  await call(nth(names, 0), { phase, about: 'afterwards' });
  await Promise.all([first, meanwhile]);
}

/** Calls an upstream with more callers than its quota of requests allows. */
async function press(
  planned: PlannedAction<'beyond the quota' | 'beyond the quota of tokens'>,
  { upstream, seconds }: Limited,
  calls: number,
  text = '',
): Promise<void> {
  const phase = await lab.phase(planned);
  const names = reaching(upstream);
  const end = Date.now() + WINDOWS * seconds * 1_000;
  // A service without a limit would serve calls as fast as it can.
  let left = MOST_WINDOWS * calls + MOST_CALLERS;
  await together(Math.min(MOST_CALLERS, 2 * calls + 2), async (index) => {
    const endpoint = nth(names, index);
    while (Date.now() < end && left > 0) {
      const extra = { seconds: 3 * seconds + 30, ...(text && { unique: `${unique()}-${text}` }) };
      const { status } = await call(endpoint, { phase }, extra);
      if (isServed(endpoint, status)) left -= 1;
      else await pause((seconds * 1_000) / AGAIN);
    }
  });
}

/**
 * Calls an upstream with prompts so long that few calls use up its quota of tokens, before that of requests. Prompts
 * can't be long if no endpoint has `${unique}` in its body.
 */
async function spend(
  planned: PlannedAction<'beyond the quota of tokens'>,
  limited: Limited,
  tokens: number,
): Promise<void> {
  const { upstream, requests = Number.POSITIVE_INFINITY } = limited;
  const used = await lab.used(upstream);
  const perCall = Math.max(1, used.tokens / Math.max(1, used.requests));
  const few = Math.max(1, Math.min(FEW_CALLS, Math.floor(requests / 2)));
  const mayBeLong = reaching(upstream).every((name) => canBeLong(find(context.endpoints, name)));
  const missing = mayBeLong ? Math.max(0, Math.ceil(tokens / few - perCall)) : 0;
  const text = 'x'.repeat(Math.min(LONGEST_TEXT, missing * TOKEN));
  await press(planned, limited, Math.ceil(tokens / (perCall + text.length / TOKEN)), text);
}

/** Whether the text in place of `${unique}` is only in the body. */
const canBeLong = ({ body, form, text, path, headers, query }: Partial<Record<string, unknown>>): boolean =>
  JSON.stringify([body, form, text]).includes('${unique}') &&
  !JSON.stringify([path, headers, query]).includes('${unique}');
