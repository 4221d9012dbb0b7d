import { ANSWERS } from '../../../faults/marks/marks.ts';
import { MOST_UNIQUE, UNIQUE } from '../../../faults/receipts/unique-texts.ts';
import { entryOf } from '../../base/entry-of.ts';
import { isHttp } from '../../contract/is-http.ts';
import { answeredBy } from '../../contract/schema/answers.ts';
import { workedBy } from '../../contract/schema/finishes-later.ts';
import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Facts } from '../lib/checker.ts';
import { type Answered, answeredIn, type Got } from './got.ts';

/** The difference between two clocks of a machine, and the time to note an arrival, in milliseconds. */
const CLOCKS_MS = 20;
/** How much longer than promised an entry of a cache may be used, in milliseconds. */
const EXPIRY_MS = 250;

/** Whose answer words in a response are. */
export type Belonging =
  /** They are of an upstream request of this call, or of text that it sent back. */
  | { readonly is: 'own' }
  /** They are of text that the caller may see: stored, cached, or the same for all callers. */
  | { readonly is: 'allowed' }
  /** It can't be said. */
  | { readonly is: 'unknown'; readonly why: string }
  /** They are of another call, or of an earlier one of this caller. */
  | ({ readonly is: 'other' } & OfOther);

/** Whose words they are, why this is not allowed, and the likely cause if that tells it. */
export interface OfOther {
  readonly of?: RequestSample | undefined;
  readonly why?: string;
  readonly usually?: string;
}

const ANOTHERS_CACHE = {
  why: 'the cache is one of each caller',
  usually: 'The key of the cache lacks the caller: it consists of the question only.',
};
const FAILURE_KEPT = 'The cache keeps every response, also an error, or what had arrived until it broke off.';
const TOO_OLD =
  'The cache uses answers for longer than `answers.cache.seconds` promises: its entries have a longer time or another unit, each use prolongs it, or an old one is sent while a new one is fetched (grace, stale-while-revalidate).';

const OWN: Belonging = { is: 'own' };
const ALLOWED: Belonging = { is: 'allowed' };

/** Says which calls the upstreams' answers in a history belong to. */
export class Belongings {
  readonly #facts: Facts;
  readonly #calls: readonly RequestSample[];
  readonly #answered: readonly Answered[];
  readonly #byTrace: ReadonlyMap<string, RequestSample>;
  readonly #byUnique = new Map<string, RequestSample[]>();
  readonly #passed: ReadonlySet<string>;
  /** When the answered requests arrived. */
  readonly #times: readonly number[];
  readonly #owners = new Map<number, Owners>();
  readonly #requests = new Map<RequestSample, Requests>();

  constructor(history: History, facts: Facts) {
    this.#facts = facts;
    this.#calls = history.all('request');
    this.#answered = answeredIn(history);
    this.#times = this.#answered.map(({ at }) => at);
    this.#byTrace = new Map(this.#calls.flatMap((call) => (call.trace === undefined ? [] : [[call.trace, call]])));
    for (const call of this.#calls) {
      for (const unique of uniquesOf(call)) {
        const same = this.#byUnique.get(unique);
        if (same) same.push(call);
        else this.#byUnique.set(unique, [call]);
      }
    }
    this.#passed = new Set(this.#answered.flatMap(({ unique = [] }) => unique));
  }

  /** Returns whose answer it is that a response has words of. */
  of(got: Got, receipt: RequestReceipt): Belonging {
    if (this.#isOwn(got, receipt) || this.#isQuoted(got, receipt)) return OWN;
    const { endpoint } = got;
    const described = entryOf(this.#facts.contract.endpoints, endpoint);
    if (described === undefined) return { is: 'unknown', why: `the contract does not describe ${endpoint}` };
    const owners = this.#ownersOf(receipt);
    const [of] = owners.calls.filter((call) => call !== got.call);
    const others = owners.calls.filter((call) => call !== got.call);
    const isSameCaller = others.some((call) => this.#isSameCaller(got, call));
    if (described.answers?.as === 'digest' && (isSameCaller || others.length === 0)) return ALLOWED;
    if (described.answers?.cache) return this.#isCached(got, receipt, others);
    if (!owners.isCertain && others.length === 0) {
      return { is: 'unknown', why: 'no call was in progress when their upstream was called' };
    }
    const { unique } = got.answer;
    const isNamed = unique !== undefined;
    if (this.#isRead(got)) {
      const isSameText =
        isNamed && (receipt.unique?.includes(unique) || others.some((call) => uniquesOf(call).includes(unique)));
      if (isSameCaller || isSameText || !(isNamed || this.#isIdentified(got))) return ALLOWED;
      if (!owners.isCertain) return { is: 'unknown', why: 'it is not known which call stored them' };
      return { is: 'other', of };
    }
    // An answer to a GET that names nobody is the same for all callers, and may be kept.
    if (receipt.method === 'GET' && receipt.unique === undefined) {
      return { is: 'unknown', why: `${receipt.upstream} may answer the same to each ${receipt.route}` };
    }
    if (!isNamed && !this.#isIdentified(got) && got.call.method === 'GET') {
      return { is: 'unknown', why: `all callers of ${endpoint} send the same request` };
    }
    if (isSameCaller && this.#isStored(got, receipt)) return ALLOWED;
    return { is: 'other', of };
  }

  /** Returns the upstream requests of a call that were answered with words. A call that only reads has none. */
  requestsOf(got: Got): Requests {
    const known = this.#requests.get(got.call);
    if (known) return known;
    const within = this.#isRead(got) ? [] : this.#answeredDuring(got.call);
    const certain = within.filter((receipt) => this.#isCertain(got, receipt));
    const receipts = certain.length > 0 ? certain : within.filter((receipt) => this.#isOwn(got, receipt));
    const requests = { receipts, isCertain: certain.length > 0 };
    this.#requests.set(got.call, requests);
    return requests;
  }

  #answeredDuring({ at, ms }: RequestSample): Answered[] {
    const [from, to] = [firstFrom(this.#times, at - CLOCKS_MS), firstFrom(this.#times, at + ms + CLOCKS_MS)];
    return this.#answered.slice(from, to);
  }

  #isCertain({ call, answer }: Got, receipt: RequestReceipt): boolean {
    if (receipt.trace !== undefined && receipt.trace === call.trace) return true;
    const { calls, isCertain } = this.#ownersOf(receipt);
    return isCertain && answer.unique !== undefined && calls.includes(call);
  }

  #isOwn(got: Got, receipt: RequestReceipt): boolean {
    const { call, answer } = got;
    const { calls, isCertain } = this.#ownersOf(receipt);
    if (calls.includes(call)) return true;
    if (!isWithin(receipt, call)) return false;
    if (!isCertain) return true;
    if (receipt.trace !== undefined && this.#byTrace.has(receipt.trace)) return false;
    // The text of another call may be part of this one, for example as a document. Then only this one can be the cause.
    const passesOn = answer.unique !== undefined && this.#passed.has(answer.unique);
    return !passesOn && calls.every((other) => !isWithin(receipt, other));
  }

  /** Whether the words are in what this call sent to an upstream, or in stored text that it got from there. */
  #isQuoted(got: Got, { seq }: RequestReceipt): boolean {
    const own = this.#answeredDuring(got.call).filter((receipt) => this.#isOwn(got, receipt));
    return own.some(({ quotes = [] }) => quotes.includes(seq % ANSWERS));
  }

  /**
   * Whether an endpoint calls no HTTP upstream, so that all words in its responses were stored before. A database and
   * other TCP servers keep words, and make none.
   */
  #isRead({ endpoint }: Got): boolean {
    const { contract } = this.#facts;
    const described = entryOf(contract.endpoints, endpoint);
    if (described === undefined) return false;
    const { reaches, fallback } = described;
    return ![...answeredBy({ reaches, fallback }), ...workedBy(described)].some((name) => isHttp(contract, name));
  }

  /** Whether earlier answers may be stored: of the same key, or beside the call's own answer. */
  #isStored(got: Got, { seq }: RequestReceipt): boolean {
    const { endpoint, answer } = got;
    const { contract } = this.#facts;
    const sameText = this.#calls.some(
      (call) =>
        call !== got.call &&
        call.at < got.call.at &&
        answer.unique !== undefined &&
        uniquesOf(call).includes(answer.unique),
    );
    const isKept =
      contract.ledger?.endpoint === endpoint || entryOf(contract.endpoints, endpoint)?.finishesLater !== undefined;
    if (sameText && isKept) return true;
    const own = new Set(this.requestsOf(got).receipts.map((receipt) => receipt.seq));
    const beside = got.parts.filter(({ words }) => words.every(({ receipt }) => receipt.seq !== seq));
    return this.#isIdentified(got) && beside.some(({ words }) => words.some(({ receipt }) => own.has(receipt.seq)));
  }

  #isCached(got: Got, receipt: RequestReceipt, others: readonly RequestSample[]): Belonging {
    const { cache } = entryOf(this.#facts.contract.endpoints, got.endpoint)?.answers ?? {};
    if (cache === undefined) return ALLOWED;
    const [of] = others;
    const isSame = (call: RequestSample) => call.answer?.unique === got.answer.unique;
    const same = others.filter(isSame);
    if (others.length > 0 && same.length === 0) return { is: 'other', of };
    const mustBeSame = cache.perCaller && this.#isIdentified(got);
    if (mustBeSame && same.length > 0 && !same.some((call) => this.#isSameCaller(got, call))) {
      return { is: 'other', of: same[0], ...ANOTHERS_CACHE };
    }
    if ((receipt.status ?? 0) >= 400 || receipt.outcome !== 'answered') {
      return { is: 'other', of: same[0], why: 'a failure is never kept', usually: FAILURE_KEPT };
    }
    const ageMs = got.call.at - (receipt.endedAt ?? receipt.at);
    if (ageMs <= cache.seconds * 1_000 + EXPIRY_MS) return ALLOWED;
    return { is: 'other', of: same[0], why: `the cache keeps an answer for ${cache.seconds} s`, usually: TOO_OLD };
  }

  #isIdentified({ endpoint, answer }: Got): boolean {
    return answer.caller !== undefined || entryOf(this.#facts.contract.endpoints, endpoint)?.user !== undefined;
  }

  #isSameCaller(got: Got, call: RequestSample): boolean {
    const [caller, other] = [this.callerOf(got.call), this.callerOf(call)];
    return caller !== undefined && caller === other;
  }

  /** Returns by what the service can tell a caller from others, if it is known. */
  callerOf({ answer, tags: { endpoint = '' } }: RequestSample): string | undefined {
    const user = entryOf(this.#facts.contract.endpoints, endpoint)?.user;
    if (answer?.caller !== undefined || user === undefined) return answer?.caller;
    return answer?.unique === undefined ? undefined : user.replaceAll('${unique}', answer.unique);
  }

  /** Returns the calls that may have caused an upstream request. */
  #ownersOf(receipt: RequestReceipt): Owners {
    const known = this.#owners.get(receipt.seq);
    if (known) return known;
    const owners = this.#findOwners(receipt);
    this.#owners.set(receipt.seq, owners);
    return owners;
  }

  #findOwners(receipt: RequestReceipt): Owners {
    const { trace = '', unique = [] } = receipt;
    const traced = this.#byTrace.get(trace);
    if (traced) return { calls: [traced], isCertain: true };
    // A long request has more of them than are known, such as a chat with its history.
    const isComplete = unique.length < MOST_UNIQUE;
    const named = isComplete ? unique.flatMap((text) => this.#byUnique.get(text) ?? []) : [];
    const during = named.filter((call) => isWithin(receipt, call));
    if (named.length > 0) return { calls: during.length > 0 ? during : named, isCertain: true };
    return {
      calls: this.#calls.filter((call) => isWithin(receipt, call) && this.#mayReach(call, receipt)),
      isCertain: false,
    };
  }

  #mayReach({ tags: { endpoint = '' } }: RequestSample, { upstream }: RequestReceipt): boolean {
    const described = entryOf(this.#facts.contract.endpoints, endpoint);
    return (
      described === undefined ||
      [...answeredBy({ ...described, answers: undefined }), ...workedBy(described)].includes(upstream)
    );
  }
}

/** The upstream requests of a call that were answered with words. */
interface Requests {
  readonly receipts: readonly Answered[];
  /** Whether they are known by a trace or a text, and not only by their time. */
  readonly isCertain: boolean;
}

interface Owners {
  readonly calls: readonly RequestSample[];
  /** Whether the upstream request names its call, by a trace or by a text. */
  readonly isCertain: boolean;
}

const uniquesOf = ({ answer, tags }: RequestSample): string[] => [
  ...new Set([
    ...(answer?.unique === undefined ? [] : [answer.unique]),
    ...Object.values(tags).flatMap((tag) => tag.match(UNIQUE) ?? []),
  ]),
];

/** Whether an upstream was called during a call. */
const isWithin = ({ at }: RequestReceipt, call: RequestSample): boolean =>
  at >= call.at - CLOCKS_MS && at <= call.at + call.ms + CLOCKS_MS;

/** Returns the index of the first of these times, in order, that is not before another one. */
function firstFrom(times: readonly number[], at: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
