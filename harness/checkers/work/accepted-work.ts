import { isHttp } from '../../contract/is-http.ts';
import type { ActionPhase } from '../../contract/phases.ts';
import { workedBy } from '../../contract/schema/finishes-later.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import type { History, PhaseEntry } from '../../history/history.ts';
import type { Case, Facts } from '../lib/checker.ts';

/** Work that an endpoint must accept while an upstream fails. */
export interface PromisedWork {
  readonly endpoint: string;
  /** The upstream that fails. */
  readonly upstream: string;
  /** All upstreams that get the work. */
  readonly upstreams: readonly string[];
  readonly accepted: readonly number[];
  readonly withinSeconds: number;
  /** The signal with which the service is ended in between, if it is. */
  readonly signal?: string;
}

/**
 * Returns the work that the contract promises to finish: for each upstream, and for the last one also after a restart.
 */
export function promisedWork({ contract }: Facts): PromisedWork[] {
  return Object.entries(contract.endpoints).flatMap(([endpoint, described]): PromisedWork[] => {
    if (!described.finishesLater) return [];
    const { accepted, withinSeconds, survives } = described.finishesLater;
    const upstreams = workedBy(described).filter((upstream) => isHttp(contract, upstream));
    const all = upstreams.map((upstream) => ({ endpoint, upstream, upstreams, accepted, withinSeconds }));
    return [...all, ...(survives ? all.slice(-1).map((work) => ({ ...work, signal: survives })) : [])];
  });
}

/** Names the work in a check, for example `conversation-end without mem0, then SIGTERM`. */
export const nameOf = ({ endpoint, upstream, signal }: PromisedWork): string =>
  `${endpoint} without ${upstream}${signal === undefined ? '' : `, then ${signal}`}`;

/** Why a contract may promise no such work. */
export const NO_WORK = 'the contract promises no work that is finished later (endpoints.NAME.finishesLater)';

/** Returns the checks that a checker must make about all promised work: its names, and the fields that it judges. */
export const casesOf = (
  facts: Facts,
  checkOf: (work: PromisedWork) => string,
  fieldsOf: (work: PromisedWork) => readonly string[],
): Case[] =>
  promisedWork(facts).map((work) => ({
    check: checkOf(work),
    promises: fieldsOf(work).map((field) => ['endpoints', work.endpoint, 'finishesLater', field]),
  }));

/** The recorded events about promised work. */
export interface WorkSeen {
  /** The phase in which the upstream fails, and the one in which it works again. Empty if the script didn't begin it. */
  readonly phases: readonly PhaseEntry[];
  readonly calls: readonly RequestSample[];
  /** The requests that met the failure of the upstream. */
  readonly failed: readonly RequestReceipt[];
  /** When the upstream works again and when the next calls are made, in milliseconds since the epoch. */
  readonly from: number;
  readonly until: number;
  /** Returns the first successful request to an upstream in both phases, and all requests there after it. */
  done(upstream: string): RequestReceipt[];
}

/**
 * Returns what was recorded about promised work. All requests to an upstream in these phases are for the same call,
 * because the script makes no other.
 */
export function workSeen(history: History, { endpoint, upstream, signal }: PromisedWork): WorkSeen {
  const accepts: PhaseEntry<ActionPhase<'accepts work' | 'accepts work, restarted'>>[] =
    signal === undefined
      ? history.phases('accepts work', { endpoint, upstream })
      : history.phases('accepts work, restarted', { endpoint, upstream, signal });
  const after = history.related('after', accepts);
  const phases = [...accepts, ...after];
  return {
    phases,
    calls: history.requestsIn(accepts),
    failed: history.receiptsIn(accepts, upstream).filter(({ faults }) => faults.length > 0),
    from: after[0]?.at ?? Number.NaN,
    until: after[0]?.until ?? Number.NaN,
    done: (name) => sinceSuccess(history.receiptsIn(phases, name)),
  };
}

function sinceSuccess(receipts: RequestReceipt[]): RequestReceipt[] {
  const first = receipts.findIndex(isSuccess);
  return first === -1 ? [] : receipts.slice(first);
}

/** Whether the upstream has served a request. */
const isSuccess = ({ faults, outcome, status }: RequestReceipt): boolean =>
  faults.length === 0 && outcome === 'answered' && status !== null && status < 400;

/** Returns why nothing can be said about whether work is finished, or undefined if it was accepted and watched. */
export function whyUnseen({ accepted, upstream, withinSeconds }: PromisedWork, seen: WorkSeen): string | undefined {
  const [call] = seen.calls;
  if (!call) return 'the call was not made';
  if (!accepted.includes(call.status)) return `the work was not accepted: ${answerOf(call)}`;
  // The phase of the last call ends with the next phase, which the script always begins.
  if (!(seen.until - seen.from >= withinSeconds * 1_000))
    return `fewer than ${withinSeconds} s were recorded after ${upstream} recovered`;
  return undefined;
}

/** Formats when requests arrived after the upstream worked again. */
export const timesOf = (receipts: readonly RequestReceipt[], { from }: WorkSeen): string =>
  receipts.map(({ at }) => (at >= from ? `after ${((at - from) / 1_000).toFixed(2)} s` : 'before')).join(', ') ||
  'none';
