import type { z } from 'zod';
import { count } from '../../base/in-words.ts';
import type { judgedNumbers, promises } from '../../contract/contract.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { NoiseFloor } from '../../machine/noise-floor.ts';
import type { Finding } from '../../verdict/finding.ts';

/** What a checker knows beside the history. */
export interface Facts {
  contract: z.output<typeof promises>;
  numbers: z.output<typeof judgedNumbers>;
  /** How exact times are on the machine of the run. */
  noise: NoiseFloor;
  /** The breaker that a scenario is about, where it is about one. */
  breaker?: string;
}

/** Judges one promise. */
export interface Checker {
  /** The name by which scenarios and histories refer to it. */
  readonly name: string;
  /** Whether its verdict depends on how long something took, so that a pause of the generator voids a failure. */
  readonly timed?: true;
  /** The checkers that must hold for this one to mean anything: if one of them fails, failures of this one follow from it. */
  readonly restsOn?: readonly string[];
  /** The likely causes of a failure, in one or two sentences. */
  readonly usually: string;
  /** Judges a history. Must be pure, so that it can be tested with a history written by hand. */
  judge(history: History, facts: Facts): Finding[];
}

/** A breaker: its name, what the contract says of it, and its numbers. */
export type Breaker = ReturnType<typeof breakerOf>;

/** The breaker that a scenario is about. */
export function breakerOf({ contract, numbers, breaker: name = '' }: Facts) {
  const [described, counted] = [contract.breakers[name], numbers.breakers[name]];
  if (!described || !counted) throw new Error(`the contract describes no breaker "${name}"`);
  return { name, ...described, ...counted };
}

/** The pool: what the contract says of it, its numbers, and the statuses with which its endpoint is served. */
export function poolOf({ contract, numbers }: Facts) {
  if (!contract.pool || !numbers.pool) throw new Error('the contract describes no pool');
  const served = contract.endpoints[contract.pool.endpoint]?.served ?? [];
  return { ...contract.pool, ...numbers.pool, served };
}

/** The capacity: what the contract says of it, and its numbers. */
export function capacityOf({ contract, numbers }: Facts) {
  if (!contract.capacity || !numbers.capacity) throw new Error('the contract describes no capacity');
  return { ...contract.capacity, ...numbers.capacity };
}

/** What the contract says of the secret key. */
export function secretOf({ contract: { secret } }: Facts) {
  if (!secret) throw new Error('the contract describes no secret');
  return secret;
}

/** Whether a request was answered with one of the statuses that the contract calls served. */
export const isServed = (
  { contract: { endpoints } }: Facts,
  { status, tags: { endpoint = '' } }: RequestSample,
): boolean => endpoints[endpoint]?.served.includes(status) === true;

/** The other breakers of the contract, by name. */
export const otherBreakers = ({ contract, breaker }: Facts) =>
  Object.entries(contract.breakers).filter(([name]) => name !== breaker);

/** What a call got, in words. */
export const answerOf = ({ status }: Pick<RequestSample, 'status'>): string =>
  status === 0 ? 'no answer' : String(status);

/** Calls as evidence, a line each, the longest first: what was called, when after a moment, and how it ended. */
export const callsAsEvidence = (calls: readonly RequestSample[], from: number): string[] =>
  calls
    .toSorted((a, b) => b.ms - a.ms)
    .map((call) => {
      const sent = `${call.tags.endpoint ?? ''} (${call.method}), sent after ${((call.at - from) / 1_000).toFixed(2)} s`;
      return `${sent}: ${answerOf(call)}, after ${(call.ms / 1_000).toFixed(2)} s`;
    });

/** How many of the calls reached an upstream. If more requests arrived, a call made several, or others did. */
export const howManyReached = (requests: number, calls: number): string =>
  requests <= calls
    ? `${requests} of ${count(calls, 'call')} reached it`
    : `${count(requests, 'request')} reached it, more than the ${count(calls, 'call')}`;

/** Values and how often each came, as "18 × 201, 2 × 503"; a status of 0 is no answer. */
export function tally(values: readonly (string | number)[]): string {
  const counts = Map.groupBy(values, (value) => (value === 0 ? 'no answer' : value));
  return [...counts].map(([value, of]) => `${of.length} × ${value}`).join(', ') || 'none';
}
