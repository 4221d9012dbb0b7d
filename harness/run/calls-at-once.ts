import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFault } from '../../faults/plan/parse-fault.ts';
import { pause } from '../base/clock.ts';
import type { Contract, Numbers } from '../contract/contract.ts';
import { scriptContext } from '../contract/script-context.ts';
import { withUpstreamAddresses } from '../contract/upstream-addresses.ts';
import type { Lab } from '../lab/lab.ts';
import { ScenarioLab } from '../lab/scenario-lab.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { clientPrefix } from './client-addresses.ts';
import { HeldCallers } from './held-callers.ts';
import { type HeldPath, heldPathOf } from './held-path.ts';

/** The fewest calls that are tried at once, and how many more than a pool and its queue take. */
const [FEWEST, MORE] = [32, 12];
/** By which share of the time for which calls are held all have arrived, and when no further one is expected, in ms. */
const [ARRIVED_BY, STILL_MS] = [0.5, 150];
/** How long a request may wait for a free process or thread, as a share of the time for which calls are held. */
const PATIENCE = 0.4;
const EVERY_MS = 10;
/** How often a bound is measured at most. */
const MOST_TURNS = 4;

/** A service to measure. */
export interface MeasuredService {
  readonly contract: Contract;
  readonly numbers: Numbers;
  readonly lab: Lab;
  readonly seed: number;
}

/**
 * Measures how many calls a service works on at once, with a process that nothing else uses: calls are held at an
 * upstream or a locked table until no further one is worked on. A server with few processes or threads has such a bound.
 * Without it, a call that waits for one of them looks like a call that waits for a connection or a lock.
 *
 * It is only believed if requests that need nothing wait as well. Calls that wait for a connection or a lock which
 * another one holds, or for a client's limit, are a defect or a promise, and no bound.
 *
 * @returns The number, or undefined if there is no bound that scenarios could reach, or if nothing holds calls
 * @throws Error if it can't be measured
 */
export async function measureCallsAtOnce({ contract, numbers, lab, seed }: MeasuredService) {
  if (contract.start.running) return undefined;
  await using folder = await temporaryFolder(lab.reaper, join(tmpdir(), 'proofload-at-once-'));
  const conditions = Object.keys(contract.conditions).filter((name) => name === 'no-rate-limits');
  const parts = { contract, numbers, conditions, beside: [], folder: folder.path, countsConnections: false };
  await using bench = await ScenarioLab.open({ ...parts, lab, history: { add() {} } });
  try {
    const { url } = bench.service;
    const addresses = {
      services: [url],
      lab: { url: '', token: '' },
      clientPrefix: clientPrefix(contract.client, seed),
    };
    const context = scriptContext(
      withUpstreamAddresses(contract, lab.fakes.upstreams),
      numbers,
      addresses,
      bench.environment,
    );
    const path = heldPathOf(context);
    if (path === undefined) return undefined;
    const { max = 0, queueMax = 0 } = context.pool ?? {};
    await using callers = new HeldCallers({ bench, context, endpoint: path.endpoint, seed });
    return await boundOf(
      {
        bench,
        path,
        callers,
        free: [contract.start.readyPath, `/proofload-${randomBytes(6).toString('hex')}`],
        pool: max,
        requests: context.endpoints[path.endpoint]?.reaches.filter((name) => name === path.upstream).length || 1,
      },
      Math.max(FEWEST, max + queueMax + MORE),
    );
  } finally {
    // Nothing needs its answers any more.
    await bench.service.kill();
  }
}

interface Measuring {
  readonly bench: ScenarioLab;
  readonly path: HeldPath;
  readonly callers: HeldCallers;
  /** Paths of requests that need neither an upstream nor a connection: its readiness, and one that does not exist. */
  readonly free: readonly string[];
  /** The maximum of the connection pool, or 0 without one. */
  readonly pool: number;
  /** The number of requests that a call sends to the upstream that holds it. */
  readonly requests: number;
}

async function boundOf(measuring: Measuring, most: number): Promise<number | undefined> {
  const working = await workingIfBusy(measuring, most);
  if (working === undefined) return undefined;
  // On a busy machine, requests wait as well, and calls may end before enough of them have begun. So a bound counts if it
  // is found twice.
  const found: (number | undefined)[] = [];
  const from = Math.max(1, Math.floor(working / measuring.requests));
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const bound = await smallestBound(measuring, { from, most });
    if (found.includes(bound)) {
      if (bound !== undefined) return bound;
      break;
    }
    found.push(bound);
  }
  // Processes with several threads do not share calls evenly: if one is full, another one may answer. Then scenarios
  // hold as many calls as were worked on. Otherwise, it is the largest bound: with one call less, a request that needs
  // nothing was answered.
  if ((await workingIfBusy(measuring, most)) === working) return from;
  return found.reduce((largest, bound) => (bound === undefined ? largest : Math.max(largest ?? 0, bound)), undefined);
}

/** Returns how many of many calls are worked on, or undefined unless the others and requests that need nothing wait. */
function workingIfBusy(measuring: Measuring, most: number): Promise<number | undefined> {
  const { callers } = measuring;
  return withHeld(measuring, async () => {
    callers.begin(most);
    const arrived = await settled(measuring, most);
    if (arrived === 0) throw new Error(`no call to ${callers.endpoint} arrived where it would have been held`);
    return arrived < callers.pending && (await isBusy(measuring)) ? arrived : undefined;
  });
}

/**
 * Returns the smallest number of held calls with which requests that need nothing wait. The service has worked on `from`
 * calls at once, so the search begins with them: one by one, they might end before the last one has begun.
 */
function smallestBound(measuring: Measuring, { from, most }: { from: number; most: number }) {
  const { callers } = measuring;
  return withHeld(measuring, async () => {
    callers.begin(from);
    await settled(measuring, from);
    for (let n = from; n < most; n += 1) {
      if (await isBusy(measuring)) return callers.pending;
      callers.begin(1);
      await pause(EVERY_MS);
    }
    return undefined;
  });
}

/** Holds calls while something runs, and waits until they have ended. */
async function withHeld<Result>({ bench, path, callers }: Measuring, act: () => Promise<Result>): Promise<Result> {
  const { upstream, milliseconds } = path;
  if (upstream === undefined) bench.database?.plan.add(parseFault({ kind: 'lock' }, bench.database.kinds));
  else await bench.fakes.pass('post', `/upstreams/${upstream}/faults`, { kind: 'latency', milliseconds });
  try {
    return await act();
  } finally {
    await bench.healAll();
    await callers.ended();
  }
}

/** Returns how many calls have arrived where they are held, when no further one arrives. */
async function settled(measuring: Measuring, most: number): Promise<number> {
  const { path, callers } = measuring;
  const deadline = performance.now() + path.milliseconds * ARRIVED_BY;
  let [arrived, since] = [0, performance.now()];
  while (performance.now() < deadline && arrived < Math.min(most, callers.pending)) {
    const now = await arrivedAt(measuring);
    if (now > arrived) [arrived, since] = [now, performance.now()];
    else if (arrived > 0 && performance.now() - since > STILL_MS) break;
    await pause(EVERY_MS);
  }
  return arrived;
}

async function arrivedAt({ bench, path: { upstream } }: Measuring): Promise<number> {
  if (upstream === undefined) return bench.connections?.waitingForLock ?? 0;
  const counted = (await bench.fakes.pass('get', `/receipts/count?upstream=${upstream}`)) as { open: number };
  return counted.open;
}

/**
 * Whether requests that need nothing wait while calls are held. One that is answered shows that a process is free, if
 * each connection of the pool is held: the other ones may query the database. Otherwise, another server may answer it.
 */
async function isBusy(measuring: Measuring): Promise<boolean> {
  const { callers, free, path, pool } = measuring;
  const answered = await callers.answered(free, path.milliseconds * PATIENCE);
  return answered === 0 || (answered < free.length && (await arrivedAt(measuring)) !== pool);
}
