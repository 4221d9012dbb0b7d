import exec from 'k6/execution';
import type { Options } from 'k6/options';
import type { Begun, PlannedAction } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { badBodies } from '../lib/bad-bodies.ts';
import { breakCalls } from '../lib/break-calls.ts';
import { type Budget, CONDITIONS, Counted, callIn, isRefused, SHARED } from '../lib/budgets.ts';
import { context, distinctClients, find, promised } from '../lib/context.ts';
import { untilClosed } from '../lib/failing-call.ts';
import { crowdOf, delayCalls } from '../lib/held-calls.ts';
import { lab } from '../lib/lab.ts';
import { isServed } from '../lib/service.ts';
import { nextClockWindow, pause, pauseUntil, times, together, until } from '../lib/wait.ts';

export { handleSummary } from '../lib/summary.ts';

promised(context.budgets[0], 'ceiling of tokens, money or calls (budgets)');

/** The callers of a budget: one whose usage is counted, one who uses it up, and another one. */
const ROLES = ['charge', 'useUp', 'another'];
/** How many callers come at once, how often at most, and in which share of the time of a budget, if some are refused. */
const CROWD = 50;
const ROUNDS = 8;
const CROWDED = 0.2;
/** How many calls are made one after another to use up the rest, to each endpoint. */
const REST = 30;
/** How many calls are made while the budget is used up, to each endpoint. */
const USED_UP = 3;
/** How many callers leave a stream, after which time in seconds, and how many events it has had by then. */
const LEAVERS = 3;
const LEAVE = 0.6;
const EVENTS = 8;
/** How long an abandoned call may go on at its upstream, in milliseconds. */
const GO_ON_MS = 1_500;
/** The share of the time of a budget that must be left for the calls of a phase. */
const ROOM = 0.5;
/** How often a budget that is used up is tried until its end, and how long before and after it, in milliseconds. */
const LOOKS = 5;
const BEFORE_MS = 150;
const AFTER_MS = 250;

/** How long a caller waits for its turn at most, in milliseconds. */
const LONGEST_MS = 300_000;

/** The budgets in their turn. One of all callers comes last, because a used up one may refuse the callers of others. */
const BUDGETS = [...context.budgets].sort((a, b) => Number(a.for === 'all') - Number(b.for === 'all'));

/** The times after which budgets begin anew, in seconds. */
const WINDOWS = BUDGETS.map(({ seconds = 0 }) => (context.isBrief ? 0 : seconds));

const streamed = ({ endpoints }: Budget): string | undefined =>
  endpoints.find((endpoint) => find(context.endpoints, endpoint).stream !== undefined);

/** Returns the upstreams without which a call fails: the first one, and those that would serve it instead. */
const neededBy = (endpoint: string): string[] => {
  const { reaches, fallback } = find(context.endpoints, endpoint);
  const all = (fallback?.order ?? reaches).filter((upstream) => context.upstreams[upstream]?.protocol === 'http');
  return fallback ? all : all.slice(0, 1);
};

const firstReached = (endpoint: string): string => neededBy(endpoint)[0] ?? '';

/** How long a budget lasts, in milliseconds. One that never ends has room for all calls. */
const windowMs = ({ seconds = Number.POSITIVE_INFINITY }: Budget): number => seconds * 1_000;

const hasFallback = (endpoint: string): boolean => find(context.endpoints, endpoint).fallback !== undefined;

const hasRetries = (upstream: string): boolean => find(context.upstreams, upstream).calls.attempts > 1;

/** Whether a call of an endpoint is served although its first upstream fails once. */
const isRepeated = (endpoint: string): boolean => hasFallback(endpoint) || hasRetries(firstReached(endpoint));

const firstOf = ({ endpoints }: Budget): string => endpoints[0] ?? '';
const bodiesFor = (endpoint: string) => badBodies(find(context.endpoints, endpoint).body ?? {});
const hasBody = (endpoint: string): boolean => find(context.endpoints, endpoint).body !== undefined;
/** Whether a call fails without its upstreams. */
const mayFail = (endpoint: string): boolean =>
  hasFallback(endpoint) || !find(context.endpoints, endpoint).servedWithout.includes(firstReached(endpoint));

type Action<Name extends PlannedAction['action']> = PlannedAction<Name>;

function chargesOf(budget: Budget): PlannedAction[] {
  const { name, endpoints } = budget;
  const first = firstOf(budget);
  if (context.isBrief) return [];
  return [
    ...endpoints.map((endpoint): Action<'calls in budget'> => ({ action: 'calls in budget', budget: name, endpoint })),
    ...(hasBody(first) ? bodiesFor(first) : []).map(
      ([variant]): Action<'refused in budget'> => ({
        action: 'refused in budget',
        budget: name,
        endpoint: first,
        variant,
      }),
    ),
    ...(mayFail(first) ? [{ action: 'failing in budget', budget: name, endpoint: first } as const] : []),
    ...endpoints
      .filter(isRepeated)
      .map((endpoint): Action<'repeated in budget'> => ({ action: 'repeated in budget', budget: name, endpoint })),
  ];
}

function usesOf(budget: Budget): PlannedAction[] {
  const { name, seconds, survives } = budget;
  const endpoint = streamed(budget);
  return [
    ...(endpoint === undefined || context.isBrief
      ? []
      : [{ action: 'left in budget', budget: name, endpoint } as const]),
    { action: 'crowd in budget', budget: name },
    { action: 'rest of budget', budget: name },
    { action: 'budget used up', budget: name },
    { action: 'budget of another', budget: name },
    ...(survives ? [{ action: 'budget restarted', budget: name, signal: survives } as const] : []),
    ...(seconds === undefined || context.isBrief
      ? []
      : [
          { action: 'budget before its end', budget: name } as const,
          { action: 'budget begun anew', budget: name } as const,
        ]),
  ];
}

const CALLERS = ROLES.length * BUDGETS.length;
if (BUDGETS.some((budget) => budget.for === 'each caller')) distinctClients(CALLERS);

export const proof: Proof = {
  about:
    'Calls use up each budget: one after another, with failures, retries, fallbacks and callers who leave, and 50 at once. ' +
    'What upstreams have charged stays within it, the service counts the same, and it begins anew when it should.',
  judges: 'budgets of tokens and money',
  clients: CALLERS,
  seconds: 2 + BUDGETS.length * 5 + 2 * WINDOWS.reduce((sum, seconds) => sum + seconds, 0),
  conditions: [...CONDITIONS, ...SHARED],
  beside: SHARED.length === 0 ? [] : [[...CONDITIONS, ...SHARED]],
  holds: [
    'budget-holds',
    'budget-refuses',
    'budget-spares',
    'budget-counts',
    'budget-callers',
    'budget-survives',
    'budget-ends',
  ],
  plan: BUDGETS.flatMap((budget) => [...chargesOf(budget), ...usesOf(budget)]),
};

/** Each caller runs once, and takes its turn. The name ends with the index of its budget. */
const once = (exec: string) =>
  ({ executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '24h', exec }) as const;

export const options: Options = {
  scenarios: Object.fromEntries(BUDGETS.flatMap((_, index) => ROLES.map((role) => [`${role}${index}`, once(role)]))),
  thresholds: { iterations: [`count==${CALLERS}`] },
};

const awaitTurn = (event: string, { name }: Budget) => lab.awaitSignal(`${event} ${name}`, LONGEST_MS);
const tell = (event: string, { name }: Budget) => lab.signal(`${event} ${name}`);

/** Returns the budget of this caller. */
const ownBudget = (): Budget => BUDGETS[Number(/\d+$/.exec(exec.scenario.name)?.[0])] as Budget;

/** The caller whose calls are counted. */
export async function charge(): Promise<void> {
  const budget = ownBudget();
  const before = BUDGETS[BUDGETS.indexOf(budget) - 1];
  if (before) await awaitTurn('used up', before);
  await makeCalls(budget);
  await tell('charged', budget);
}

/** The caller who uses it up. */
export async function useUp(): Promise<void> {
  const budget = ownBudget();
  await awaitTurn('charged', budget);
  await useUpOne(budget);
  await tell('used up', budget);
}

/** The caller who comes while it is used up. */
export async function another(): Promise<void> {
  const budget = ownBudget();
  await awaitTurn('refused', budget);
  const phase = await lab.phase({ action: 'budget of another', budget: budget.name });
  await callIn(budget, firstOf(budget), { phase });
  await tell('tried', budget);
}

/** Makes calls whose charges are known: served ones, refused ones, failed ones and repeated ones. */
async function makeCalls(budget: Budget): Promise<void> {
  const counted = new Counted(budget);
  let endsAt: number | undefined;
  /** A service may begin the time of a budget when the first call has ended, and one that slides begins it with each. */
  let overAt = 0;
  for (const planned of chargesOf(budget)) {
    // A count that begins anew in between would say nothing.
    const isFresh = endsAt === undefined || Date.now() >= endsAt - windowMs(budget) * ROOM;
    if (isFresh) await pauseUntil(overAt + AFTER_MS);
    const phase = await lab.phase(planned);
    if (isFresh) {
      endsAt = budget.window === 'clock' ? nextClockWindow(windowMs(budget)) : Date.now() + windowMs(budget);
      await counted.begin(phase);
    }
    const { endpoint } = planned as Action<'calls in budget'>;
    if (planned.action === 'calls in budget') await times(2, () => callIn(budget, endpoint, { phase }));
    if (planned.action === 'refused in budget') {
      const [, body] = bodiesFor(endpoint).find(([variant]) => variant === planned.variant) ?? [];
      await together(CROWD, () => callIn(budget, endpoint, { phase }, body === undefined ? {} : { body }));
    }
    if (planned.action === 'failing in budget') await fail(budget, endpoint, phase);
    if (planned.action === 'repeated in budget') await repeat(budget, endpoint, phase);
    const isFree = planned.action === 'refused in budget' || planned.action === 'failing in budget';
    await counted.note(phase);
    if (isFree) {
      const after = await lab.phase({ when: 'after', of: phase.id });
      const { status } = await callIn(budget, endpoint, { phase: after });
      await counted.note(after);
      if (planned.action === 'failing in budget' && isServed(endpoint, status)) await tell('given back', budget);
    }
    if (budget.window === 'clock') overAt = endsAt ?? 0;
    else if (isFresh || budget.window === 'sliding') overAt = Date.now() + windowMs(budget);
  }
}

/** Makes many calls fail at once. A budget that keeps their reservations is used up. */
async function fail(budget: Budget, endpoint: string, phase: Begun, tags: { about?: 'failing' } = {}): Promise<void> {
  const upstreams = neededBy(endpoint);
  for (const upstream of upstreams) await breakCalls(upstream, { kind: 'status', status: 500 });
  await together(CROWD, () => callIn(budget, endpoint, { phase, ...tags }));
  for (const upstream of upstreams) await lab.heal(upstream);
  for (const upstream of upstreams) await untilClosed({ upstream });
}

/**
 * Whether calls of the caller who uses up a budget fail first, because it is another account than that of the calls which
 * failed before: reservations that are given back twice would leave room for too many. Those that are kept would hide
 * how a budget that is used up refuses, so it needs the signal that none was. It takes no time from a short budget.
 */
function hasFailures(budget: Budget): boolean {
  const endpoint = firstOf(budget);
  if (context.isBrief || !mayFail(endpoint)) return false;
  if (budget.seconds === undefined) return budget.for === 'each caller';
  const isBroken = Object.values(context.breakers).some(({ upstream }) => neededBy(endpoint).includes(upstream));
  return !isBroken && !neededBy(endpoint).some(hasRetries);
}

/** Makes a call whose first upstream fails: once if it is asked again, or else until another one has served the call. */
async function repeat(budget: Budget, endpoint: string, phase: Begun): Promise<void> {
  const upstream = firstReached(endpoint);
  await breakCalls(upstream, find(context.upstreams, upstream).repeatedFailure, hasFallback(endpoint) ? undefined : 1);
  await callIn(budget, endpoint, { phase });
  await lab.heal(upstream);
  await untilClosed({ upstream });
}

/** Uses up a budget, and looks at how it is refused and when it begins anew. */
async function useUpOne(budget: Budget): Promise<void> {
  const { endpoints, seconds, survives, name } = budget;
  const upstreams = [...new Set(endpoints.map(firstReached))];
  // The other caller has used some of it.
  if (seconds !== undefined && budget.for === 'all' && !context.isBrief) await pause(seconds * 1_000);
  if (seconds !== undefined && budget.window === 'clock')
    await pauseUntil(nextClockWindow(seconds * 1_000) + BEFORE_MS / 2);
  const counted = new Counted(budget);
  const began = Date.now();
  const stream = streamed(budget);
  const left = stream === undefined || context.isBrief ? undefined : await leave(budget, stream, counted);
  const crowd = await lab.phase({ action: 'crowd in budget', budget: name });
  if (left === undefined) await counted.begin(crowd);
  if (hasFailures(budget) && (await lab.awaitSignal(`given back ${name}`, 1)))
    await fail(budget, firstOf(budget), crowd, { about: 'failing' });
  for (const upstream of upstreams) await delayCalls(upstream);
  const firstEnded = await inRounds(budget, crowd, left);
  for (const upstream of upstreams) await lab.heal(upstream);
  await counted.note(crowd);
  const rest = await lab.phase({ action: 'rest of budget', budget: name });
  for (const endpoint of endpoints) await callUntilRefused(budget, endpoint, rest);
  await counted.note(rest);
  const lastServed = Date.now();
  const usedUp = await lab.phase({ action: 'budget used up', budget: name });
  for (const endpoint of endpoints) await times(USED_UP, () => callIn(budget, endpoint, { phase: usedUp }));
  await counted.note(usedUp);
  await tell('refused', budget);
  await awaitTurn('tried', budget);
  if (survives) {
    await lab.restartService(survives);
    const phase = await lab.phase({ action: 'budget restarted', budget: name, signal: survives });
    await times(USED_UP, () => callIn(budget, firstOf(budget), { phase }));
  }
  const anewFrom = budget.window === 'sliding' ? lastServed : firstEnded;
  if (seconds !== undefined && !context.isBrief) await awaitEnd(budget, began, anewFrom);
}

/** Lets callers leave streams of which they have had some events. Returns when they have left. */
async function leave(budget: Budget, endpoint: string, counted: Counted): Promise<number> {
  const phase = await lab.phase({ action: 'left in budget', budget: budget.name, endpoint });
  await counted.begin(phase);
  const upstream = firstReached(endpoint);
  const isOver = () => until(async () => (await lab.inProgress(upstream)) === 0, GO_ON_MS);
  await breakCalls(upstream, { kind: 'stall', events: EVENTS });
  await together(LEAVERS, () => callIn(budget, endpoint, { phase, about: 'leaver' }, { seconds: LEAVE }));
  const left = Date.now();
  await isOver();
  await lab.heal(upstream);
  await isOver();
  await counted.note(phase, budget.cancelled === 'estimated');
  return left;
}

/**
 * Lets a crowd come at once, again and again until all of it is refused: if calls reserve more than they use, only the last
 * ones come when hardly anything is left. A budget that lasts some seconds must not begin anew meanwhile. The processes
 * of a service take turns. Returns when the first call had ended at the latest.
 */
async function inRounds(budget: Budget, phase: Begun, before: number | undefined): Promise<number> {
  const { endpoints, name } = budget;
  let firstEnded = before;
  const latest = Date.now() + windowMs(budget) * CROWDED;
  const most = Math.min(CROWD, ...endpoints.map((endpoint) => crowdOf(endpoint, CROWD)));
  for (let round = 1; round <= ROUNDS; round += 1) {
    const responses = await together(most, (index) => {
      const process = index % context.services.length;
      const endpoint = endpoints[Math.floor(index / context.services.length) % endpoints.length] as string;
      const tags = { phase, limit: name, round: String(round), process: String(process) };
      return callIn(budget, endpoint, tags, { process });
    });
    firstEnded ??= Date.now();
    const refused = responses.filter((response) => isRefused(budget, response)).length;
    if (refused === responses.length || (refused > 0 && Date.now() > latest)) break;
  }
  return firstEnded ?? Date.now();
}

async function callUntilRefused(budget: Budget, endpoint: string, phase: Begun): Promise<void> {
  for (let made = 0; made < REST; made += 1) {
    const process = made % context.services.length;
    const response = await callIn(budget, endpoint, { phase, process: String(process) }, { process });
    if (!isServed(endpoint, response.status)) return;
  }
}

/** Tries a budget that is used up until shortly before its end, and then again. */
async function awaitEnd(budget: Budget, began: number, anewFrom: number): Promise<void> {
  const { name, window } = budget;
  const lastsMs = windowMs(budget);
  const endpoint = firstOf(budget);
  const before = await lab.phase({ action: 'budget before its end', budget: name });
  const ends = window === 'clock' ? nextClockWindow(lastsMs) : began + lastsMs;
  const apartMs = Math.max(0, (ends - BEFORE_MS - Date.now()) / LOOKS);
  for (let look = 0; look < LOOKS && Date.now() < ends - BEFORE_MS; look += 1) {
    await callIn(budget, endpoint, { phase: before });
    await pause(Math.min(apartMs, ends - BEFORE_MS - Date.now()));
  }
  // A service may begin its time when it has the usage of the first call, and one that slides ends it with the last.
  await pauseUntil((window === 'clock' ? ends : anewFrom + lastsMs) + AFTER_MS);
  const anew = await lab.phase({ action: 'budget begun anew', budget: name });
  await callIn(budget, endpoint, { phase: anew });
}
