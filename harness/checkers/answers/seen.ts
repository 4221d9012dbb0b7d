import { entryOf } from '../../base/entry-of.ts';
import { count } from '../../base/in-words.ts';
import { isHttp } from '../../contract/is-http.ts';
import type { PromisePath } from '../../contract/promise-path.ts';
import { answeredBy, LINE_ENDS, type LineEnds } from '../../contract/schema/answers.ts';
import type { Tags } from '../../contract/tags.ts';
import type { RequestReceipt } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Case, type Facts, planned } from '../lib/checker.ts';
import { type Belonging, Belongings } from './belongs.ts';
import { type Got, gotIn, type Part } from './got.ts';
import { type Learned, learn } from './learn.ts';

/** What a history shows of the answers that callers got. */
export interface Seen {
  readonly history: History;
  readonly facts: Facts;
  readonly requests: number;
  readonly responses: readonly Got[];
  readonly belongings: Belongings;
  readonly learned: ReadonlyMap<string, Learned>;
}

/** Several checkers need the same. */
const known = new WeakMap<History, Seen>();

/** Returns what a history shows of the answers that callers got. */
export function seenIn(history: History, facts: Facts): Seen {
  const before = known.get(history);
  // A history may grow.
  if (before?.facts === facts && before.requests === history.all('request').length) return before;
  const responses = gotIn(history);
  const belongings = new Belongings(history, facts);
  const learned = learn(history, facts, responses, belongings);
  const seen = { history, facts, requests: history.all('request').length, responses, belongings, learned };
  known.set(history, seen);
  return seen;
}

/** How an answer shows in a response, by contract. */
type As = NonNullable<NonNullable<ReturnType<typeof promisedOf>>['as']>;

/** What the contract says about an endpoint's answers. */
export const promisedOf = ({ contract: { endpoints } }: Facts, endpoint: string) =>
  entryOf(endpoints, endpoint)?.answers;

/** How the contract says that lines of upstreams' event streams may end, besides with LF. */
export const promisedEnds = (facts: Facts, endpoint: string): readonly LineEnds[] =>
  promisedOf(facts, endpoint)?.lineEnds ?? [];

/** Whether a response only shows whether the service reads line ends that the contract does not promise. */
export const isOnlyTried = (facts: Facts, { endpoint, call }: Got): boolean =>
  Object.keys(LINE_ENDS).includes(call.tags.about ?? '') &&
  !promisedEnds(facts, endpoint).some((ends) => ends === call.tags.about);

/** A defect of one response. */
export interface Defect {
  readonly got: Got;
  readonly observed: string;
  readonly expected?: string | undefined;
  readonly texts?: Finding['texts'];
  /** A likely cause, if it is known better than that of the check. */
  readonly usually?: string | undefined;
  /** Whether the response shows more of the cause than others with this defect. */
  readonly isClear?: boolean;
}

/** Maximum number of defects to list. */
const SHOWN = 10;

interface OfResponses {
  readonly check: string;
  readonly expected: string;
  /** How answers show, by contract, where such a defect can't be told from what is promised. */
  readonly except: readonly As[];
  /** Whether a response can show such a defect. */
  isLooked(seen: Seen, got: Got): boolean;
  defectsOf(seen: Seen, got: Got): readonly Defect[];
  /** Returns what was not judged. */
  notes?(seen: Seen): string[];
}

/**
 * Returns the parts of a checker that judges all responses. It makes no finding if it could look at none: then nothing
 * is known about the service.
 */
export const ofResponses = (of: OfResponses): Required<Pick<BuiltInChecker, 'cases' | 'without' | 'judge'>> => ({
  cases: (facts) => promisedCases(facts, of),
  without: 'no response had words of an answer, or the contract has no HTTP upstream whose answers callers get',
  judge(history, facts) {
    if (!mayAnswer(facts)) return [];
    const seen = seenIn(history, facts);
    const isExempt = ({ endpoint }: Got) => of.except.some((as) => as === promisedOf(facts, endpoint)?.as);
    const looked = seen.responses.filter((got) => !isExempt(got) && of.isLooked(seen, got));
    const defects = clearestFirst(looked.flatMap((got) => of.defectsOf(seen, got)));
    return looked.length === 0 ? [] : [conclude(seen, looked, defects, of)];
  },
});

/** Moves a response forward whose broken words show more of the cause than the first one of its endpoint does. */
function clearestFirst(defects: readonly Defect[]): readonly Defect[] {
  const [first] = defects;
  const clear = defects.find(({ got, isClear }) => isClear && got.endpoint === first?.got.endpoint);
  return clear ? [clear, ...defects.filter((defect) => defect !== clear)] : defects;
}

function conclude(
  seen: Seen,
  looked: readonly Got[],
  defects: readonly Defect[],
  { check, expected, notes = () => [] }: OfResponses,
): Finding {
  const [first, ...others] = defects;
  const endpoints = [...new Set((first ? defects.map(({ got }) => got) : looked).map(({ endpoint }) => endpoint))];
  const evidence = [
    ...others.slice(0, SHOWN).map((defect) => `${whichOf(seen, defect.got)}: ${defect.observed}`),
    ...(first ? [] : notes(seen)),
  ];
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return {
    check,
    expected: first?.expected ?? expected,
    observed: first
      ? `${whichOf(seen, first.got)}: ${first.observed}${more}`
      : `in each of ${count(looked.length, 'response')} of ${endpoints.join(', ')}`,
    verdict: first ? 'FAIL' : 'PASS',
    requests: tagsOf(first ? defects.map(({ got }) => got) : looked),
    promises: endpoints.flatMap((endpoint) => promisesOf(seen.facts, endpoint)),
    ...(first?.texts && { texts: first.texts }),
    ...(first?.usually !== undefined && { usually: first.usually }),
    ...(evidence.length > 0 && { evidence }),
  };
}

/** Returns the parts of the promise about an endpoint's answers that its contract makes. */
function promisesOf(facts: Facts, endpoint: string): PromisePath[] {
  const { cache, ...said } = promisedOf(facts, endpoint) ?? {};
  const names = Object.entries(said).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const at = (...path: string[]): PromisePath => ['endpoints', endpoint, 'answers', ...path];
  return [...names.map((name) => at(name)), ...(cache ? [at('cache', 'perCaller'), at('cache', 'seconds')] : [])];
}

function tagsOf(responses: readonly Got[]): Tags[] {
  const tags = responses.map(({ endpoint, call }): Tags => {
    const { phase } = call.tags as Tags;
    return { endpoint, ...(phase !== undefined && { phase }) };
  });
  return [...new Map(tags.map((tag) => [JSON.stringify(tag), tag])).values()];
}

/** Names a response: its endpoint, its status, and when its request was sent. */
function whichOf({ history }: Seen, { endpoint, call }: Got): string {
  const first = history.all('request')[0]?.at ?? call.at;
  const caller = call.tags.caller === undefined ? '' : ` of caller ${call.tags.caller}`;
  return `${endpoint}${caller}, sent after ${((call.at - first) / 1_000).toFixed(2)} s`;
}

/** Returns the promised answers of the endpoints that a scenario calls to compare answers. */
const promisedCases = (facts: Facts, { check, except }: OfResponses): Case[] => {
  // Other scenarios may get no answer, for example because all of their calls are refused.
  const phases = planned(facts, 'split answers', 'stored answers') ?? [];
  const named = new Set(phases.map(({ endpoint }) => endpoint));
  const promises = [...named].flatMap((endpoint) => {
    const as = promisedOf(facts, endpoint)?.as;
    return as === undefined || as === 'none' || except.includes(as) ? [] : promisesOf(facts, endpoint);
  });
  return promises.length === 0 ? [] : [{ check, promises }];
};

/** Whether an endpoint of the contract may answer with an upstream's answer. */
const mayAnswer = ({ contract }: Facts): boolean =>
  Object.values(contract.endpoints).some((endpoint) =>
    answeredBy(endpoint).some((upstream) => isHttp(contract, upstream)),
  );

/** Returns the answers at a place that are of the call itself. */
export const ownAt = ({ belongings }: Seen, got: Got, part: Part): RequestReceipt[] =>
  [...new Set(part.words.map(({ receipt }) => receipt))].filter((receipt) => isOf(belongings, got, receipt, 'own'));

const isOf = (belongings: Belongings, got: Got, receipt: RequestReceipt, is: Belonging['is']): boolean =>
  belongings.of(got, receipt).is === is;
