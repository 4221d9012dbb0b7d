import { isDeepStrictEqual } from 'node:util';
import { hasOpened } from '../checkers/breaker/breaker-hints.ts';
import { isJudged, promisedCallsOf } from '../contract/attempts.ts';
import { type Contract, numbersOf } from '../contract/contract.ts';
import { seenAs } from '../contract/known-faults.ts';
import { loadContract } from '../contract/load.ts';
import { registeredFaults } from '../contract/registered-faults.ts';
import { breakerCandidates } from '../fix/breaker-candidates.ts';
import { type CallsSeen, callsSeen, TO_TRY } from '../fix/calls-seen.ts';
import { type TriedCall, triedCalls } from '../fix/tried-calls.ts';
import type { Change } from '../verdict/finding.ts';
import type { RunResult } from '../verdict/run-result.ts';
import { WATCHED } from './doctor-steps.ts';
import { casesOf, runTrial, type Trial } from './doctor-trial.ts';
import type { Examining } from './examining.ts';
import { contractFile, type LabFlags, runOptions } from './lab-options.ts';

/** How calls to failing upstreams are examined. */
interface Watching extends Examining {
  readonly flags: LabFlags;
  readonly labs: Trial['labs'];
  /** The run of `WATCHED`. */
  readonly watched: RunResult;
}

/** The facts that a service's calls show if they are retried. */
export interface DescribedCalls {
  /** The upstreams whose repeated calls were described. */
  readonly upstreams: readonly string[];
  /** The changes of the contract that describe them, and that keep their breakers judged. */
  readonly changes: readonly Change[];
  /** The runs in which a breaker counted a failure that is never repeated. */
  readonly opened: readonly RunResult[];
  /** Breakers that can't be judged fully, and why. */
  readonly notes: readonly string[];
}

/**
 * If calls are repeated more often than the contract says, or if most scenarios can't judge a breaker because all of its
 * failures are repeated, finds out which failures are repeated, and which of the others the breaker counts.
 */
export async function describeCalls(looking: Watching): Promise<DescribedCalls> {
  const { flags, watched, say } = looking;
  const file = contractFile(flags);
  const contract = await loadContract(file, runOptions(flags, []));
  const first = await triedIn(flags, watched);
  const repeating = Object.keys(contract.upstreams).filter(
    (upstream) => isRepeatedMore(contract, upstream, first) || unjudged(contract, flags.profile, upstream).length > 0,
  );
  const upstreams: string[] = [];
  const changes: Change[] = [];
  const opened: RunResult[] = [];
  const notes: string[] = [];
  if (repeating.length === 0) return { upstreams, changes, opened, notes };
  say(`\nTrying which failures are repeated in calls to ${repeating.join(', ')}`);
  const tried = [...first, ...(await tryFailures(looking, contract, { repeating, first }))];
  for (const upstream of repeating) {
    const seen = callsSeen(tried.filter((call) => call.upstream === upstream));
    if (seen === undefined) {
      notes.push(`calls to ${upstream} are repeated, but not in a way that a contract can describe`);
      continue;
    }
    upstreams.push(upstream);
    const described = changesOf(contract, upstream, seen);
    changes.push(...described);
    const after = await loadContract(file, { ...runOptions(flags, []), changes: described });
    for (const breaker of unjudged(after, flags.profile, upstream)) {
      const found = await countedFailure(looking, { contract: after, breaker, seen, described });
      if (typeof found === 'string') notes.push(found);
      else {
        changes.push(found.change);
        opened.push(...found.opened);
      }
    }
  }
  return { upstreams, changes, opened, notes };
}

/** Returns the upstreams to which some call of a run made more requests than the contract says. */
export async function repeatedMore(flags: LabFlags, watched: RunResult): Promise<string[]> {
  const contract = await loadContract(contractFile(flags), runOptions(flags, []));
  const tried = await triedIn(flags, watched);
  return Object.keys(contract.upstreams).filter((upstream) => isRepeatedMore(contract, upstream, tried));
}

const triedIn = async (flags: LabFlags, result: RunResult): Promise<TriedCall[]> =>
  (await casesOf(flags, result)).flatMap(({ history, facts }) => triedCalls(history, facts));

function isRepeatedMore(contract: Contract, upstream: string, tried: readonly TriedCall[]): boolean {
  const { attempts } = promisedCallsOf(contract, upstream);
  return tried.some((call) => call.upstream === upstream && call.requests > attempts);
}

/** Returns the breakers of an upstream that most scenarios can't judge, because all of their failures are repeated. */
const unjudged = (contract: Contract, profile: string, upstream: string): string[] =>
  Object.keys(numbersOf(contract, profile).breakers).filter((name) => {
    const breaker = contract.breakers[name];
    return breaker?.upstream === upstream && !isJudged(contract, breaker, registeredFaults());
  });

interface Trying {
  readonly repeating: readonly string[];
  /** The calls that were made already. */
  readonly first: readonly TriedCall[];
}

/** The shortest time for which callers wait while failures are tried, as a budget in seconds. */
const LEAST_BUDGET = 1;

/** Lets the upstreams fail in all ways, one call at a time. */
async function tryFailures(
  { flags, labs, signal }: Watching,
  contract: Contract,
  { repeating, first }: Trying,
): Promise<TriedCall[]> {
  const known = registeredFaults();
  const changes = repeating.map((upstream): Change => {
    const of = first.filter((call) => call.upstream === upstream);
    const attempts = Math.max(2, ...of.map(({ requests }) => requests));
    const repeated = of.filter(({ requests }) => requests === attempts).map(({ failure }) => failure.as);
    const own = Object.values(contract.breakers)
      .filter((breaker) => breaker.upstream === upstream)
      .flatMap(({ failures, ignored }) => [...failures, ...ignored].map((fault) => seenAs(fault, known)));
    const all = [...new Set([...repeated, ...own, ...TO_TRY])].filter((failure) => failure !== undefined);
    // A status that is retried, because the upstream's x-should-retry is tried with it. The others are tried as well.
    const on = all.filter((failure) => typeof failure === 'number').slice(0, 1);
    const never = all.filter((failure) => failure !== on[0]);
    const longest = Math.max(LEAST_BUDGET, ...of.filter(({ isOver }) => isOver).map(({ seconds }) => 2 * seconds));
    const value = { attempts: Math.min(10, attempts), on, never, hints: ['x-should-retry'], budgetSeconds: longest };
    return { path: ['upstreams', upstream, 'calls'], value };
  });
  return triedIn(flags, await runTrial(flags, { name: 'doctor-calls', scenarios: [WATCHED], changes, labs }, signal));
}

/** Returns the changes with which the contract describes the calls to an upstream. Other fields stay as they are. */
function changesOf(contract: Contract, upstream: string, { attempts, on, never, hints }: CallsSeen): Change[] {
  const { calls } = contract.upstreams[upstream] ?? {};
  const path = ['upstreams', upstream, 'calls'];
  const lists = {
    ...(on.length > 0 && { on: [...on] }),
    ...(never.length > 0 && { never: [...never] }),
    ...(hints.length > 0 && { hints: [...hints] }),
  };
  if (typeof calls !== 'object') return [{ path, value: { attempts, ...lists } }];
  const all = { attempts, ...lists, ...(hints.length > 0 && { hints: [...new Set([...calls.hints, ...hints])] }) };
  return Object.entries(all)
    .filter(([field, value]) => !isDeepStrictEqual(calls[field as keyof typeof calls], value))
    .map(([field, value]) => ({ path: [...path, field], value }));
}

interface BreakerExamined {
  /** With the calls that were described. */
  readonly contract: Contract;
  readonly breaker: string;
  readonly seen: CallsSeen;
  readonly described: readonly Change[];
}

/**
 * Finds a failure that is never repeated and that a breaker counts, by opening the breaker with it.
 *
 * @returns The change that adds it to the failures of the breaker, and the run that opened it; or why there is none
 */
async function countedFailure(
  { flags, labs, say, signal }: Watching,
  { contract, breaker, seen, described }: BreakerExamined,
): Promise<string | { change: Change; opened: RunResult[] }> {
  const failures = contract.breakers[breaker]?.failures ?? [];
  const candidates = breakerCandidates(failures, seen);
  const path = ['breakers', breaker, 'failures'];
  for (const candidate of candidates) {
    const change = { path, value: [...failures, candidate] } as Change;
    const [kind, scenario] = [Object.values(candidate).join(' '), `chaos/${breaker}-outage`];
    say(`\nOpening breaker ${breaker} with a failure that is never repeated (${kind}): ${scenario}`);
    const trial = { name: 'doctor-breakers', scenarios: [scenario], changes: [...described, change], labs };
    const result = await runTrial(flags, trial, signal);
    const cases = await casesOf(flags, result);
    if (cases.some(({ history, facts }) => hasOpened(history, facts))) return { change, opened: [result] };
    say(`  it did not open`);
  }
  const tried = candidates.length === 0 ? '' : ', or the breaker does not count it';
  return (
    `breaker ${breaker} is judged only by counting attempts, if it has a threshold (chaos/${breaker}-outage, ` +
    `chaos/${breaker}-failure-policy): each failure that it counts is repeated${tried}. For its other scenarios, set the ` +
    'retries of the client to 0, or let something fail that is never repeated'
  );
}
