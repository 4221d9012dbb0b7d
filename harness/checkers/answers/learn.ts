import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Facts } from '../lib/checker.ts';
import type { Belongings } from './belongs.ts';
import { type Got, isServed, lengthOf, type Part, receiptsAt, wordsOf } from './got.ts';

/** How answers show at one place of an endpoint's responses while nothing is broken. */
export interface Shows {
  /** Whether all words of a channel were there in each of these responses. */
  readonly isWhole: boolean;
  /** The number of words of the longest answer that was there, at any time: no limit of its length is below. */
  readonly longest: number;
  /** Whether there were words of several of a call's own answers. */
  readonly isOfSeveral: boolean;
}

/** How an endpoint's responses show answers while nothing is broken. */
export interface Learned {
  /** The number of responses from which this is known. */
  readonly responses: number;
  /** By their keys: see `keyOf`. */
  readonly places: ReadonlyMap<string, Shows>;
  /** Whether each of them reported the tokens of the answer that it showed. */
  readonly tellsUsage: boolean;
}

/** Effects of faults that an answer passes unchanged. */
const HARMLESS = ['none', 'waits'];

/** Whether an upstream sent its whole answer. */
export function isSent({ outcome, faults, status }: RequestReceipt, { faults: known }: Pick<Facts, 'faults'>): boolean {
  const kinds = faults.map((fault) => fault.slice(fault.indexOf(':') + 1));
  return (
    outcome === 'answered' &&
    (status ?? 500) < 400 &&
    kinds.every((kind) => HARMLESS.includes(known[kind]?.effect ?? ''))
  );
}

/**
 * Learns how the endpoints' responses show answers, from calls alone while nothing was broken: those of the steady state
 * at the beginning, so that a service that is damaged later teaches nothing. Endpoints without such calls are learnt from
 * all calls alone.
 */
export function learn(
  history: History,
  facts: Facts,
  all: readonly Got[],
  belongings: Belongings,
): Map<string, Learned> {
  const isCalm = calmIn(history);
  const calm = all.filter(
    (got) =>
      isServed(facts, got) &&
      got.answer.ends === undefined &&
      isCalm(got.call) &&
      belongings.requestsOf(got).receipts.every((receipt) => isSent(receipt, facts)),
  );
  const isEarly = steadyIn(history);
  return new Map(
    [...Map.groupBy(calm, ({ endpoint }) => endpoint)].map(([endpoint, of]) => {
      const early = of.filter(({ call }) => isEarly(call));
      const longest = longestIn(all.filter((got) => got.endpoint === endpoint));
      return [endpoint, learnOf(early.length > 0 ? early : of, longest, facts, belongings)];
    }),
  );
}

/** Returns how many words the longest whole answer at each place has. */
function longestIn(responses: readonly Got[]): (key: string) => number {
  const longest = new Map<string, number>();
  for (const got of responses) {
    for (const part of got.parts) {
      for (const receipt of receiptsAt(part)) {
        const { length } = wordsOf(part, receipt);
        const key = keyOf(got, part);
        if (length > (longest.get(key) ?? 0) && missingAt(part, receipt).length === 0) longest.set(key, length);
      }
    }
  }
  return (key) => longest.get(key) ?? 0;
}

function learnOf(
  responses: readonly Got[],
  longest: (key: string) => number,
  facts: Facts,
  belongings: Belongings,
): Learned {
  const places = new Map<string, Shows>();
  for (const got of responses) {
    for (const part of got.parts) {
      const own = receiptsAt(part).filter(
        (receipt) => belongings.of(got, receipt).is === 'own' && isSent(receipt, facts),
      );
      if (own.length === 0) continue;
      const key = keyOf(got, part);
      const { isWhole, isOfSeveral } = places.get(key) ?? { isWhole: true, isOfSeveral: false };
      places.set(key, {
        isWhole: isWhole && own.every((receipt) => missingAt(part, receipt).length === 0),
        isOfSeveral: isOfSeveral || own.length > 1,
        longest: longest(key),
      });
    }
  }
  const reported = responses.map(usageOf);
  return {
    responses: responses.length,
    places,
    tellsUsage: reported.length > 0 && reported.every((match) => match === true),
  };
}

/** Returns the key of a place. Responses that say that a limit has cut them show answers in their own way. */
export const keyOf = ({ answer: { limited } }: Got, { path }: Pick<Part, 'path'>): string =>
  limited ? `${path} up to a limit` : path;

/** Returns the positions of an answer's words that are missing at a place, in the channels that are there. */
export function missingAt(part: Part, receipt: RequestReceipt): number[] {
  const channels = new Set(wordsOf(part, receipt).map(({ channel }) => channel));
  return [...channels].flatMap((channel) => missingOf(wordsOf(part, receipt, channel), receipt, channel));
}

/** Returns the positions of a channel's words that are not among these. */
export function missingOf(words: readonly { position: number }[], receipt: RequestReceipt, channel: number): number[] {
  const found = new Set(words.map(({ position }) => position));
  return Array.from({ length: lengthOf(receipt, channel) }, (_, position) => position).filter(
    (position) => !found.has(position),
  );
}

/** The answer whose words a response shows, if it is a single one that reports its tokens. */
export function shownAlone({ parts }: Got): RequestReceipt | undefined {
  const [first, ...others] = new Set(parts.flatMap(receiptsAt));
  return others.length === 0 ? first : undefined;
}

/** Whether a response reports the tokens of the answer that it shows. Undefined if it reports none, or shows several. */
function usageOf(got: Got): boolean | undefined {
  const shown = shownAlone(got);
  return shown && sameUsage(got, shown);
}

/** Whether a response reports the tokens of an answer. Undefined if one of them reports none. */
export function sameUsage({ answer: { usage } }: Got, receipt: RequestReceipt): boolean | undefined {
  if (usage === undefined || receipt.usage === undefined) return undefined;
  const [input, output] = receipt.usage;
  return (usage[0] ?? input) === input && usage[1] === output;
}

/** Returns a function that says whether a call was alone, and no upstream had a fault. */
function calmIn(history: History): (call: RequestSample) => boolean {
  const calls = history.all('request');
  const together = new Set<RequestSample>();
  let [until, last]: [number, RequestSample | undefined] = [Number.NEGATIVE_INFINITY, undefined];
  for (const call of calls) {
    if (call.at < until) {
      together.add(call);
      if (last) together.add(last);
    }
    if (call.at + call.ms > until) [until, last] = [call.at + call.ms, call];
  }
  const broken = faultTimes(history);
  return (call) => !together.has(call) && !broken.some(({ from, to }) => from < call.at + call.ms && call.at < to);
}

/** Returns the times in which upstreams have faults. A fault that ends by itself counts until the upstream is healed. */
function faultTimes(history: History): { from: number; to: number }[] {
  const events = history.all('fault');
  return events.flatMap(({ id, at, upstream }, index) => {
    if (id === undefined) return [];
    const healed = events.slice(index).find((event) => event.id === undefined && event.upstream === upstream);
    return [{ from: at, to: healed?.at ?? Number.POSITIVE_INFINITY }];
  });
}

/** Returns a function that says whether a call belongs to the steady state at the beginning of the scenario. */
function steadyIn(history: History): (call: RequestSample) => boolean {
  const phases = history.all('phase');
  const from = phases.findIndex(({ data }) => data !== undefined && 'action' in data && data.action === 'steady');
  const [begin, end] = [phases[from]?.at, phases[from + 1]?.at ?? Number.POSITIVE_INFINITY];
  return ({ at }) => begin !== undefined && begin <= at && at < end;
}
