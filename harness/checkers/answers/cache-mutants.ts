import type { ActionName } from '../../contract/phases.ts';
import { answersOthers } from '../../wire/answers.ts';
import { type Exchange, madeUp, type WireAnswer } from '../../wire/exchange.ts';
import type { Wire, WireMutant } from '../../wire/wire-mutant.ts';
import { isDoing } from '../../wire/wire-phase.ts';

const NEEDS = 'endpoints.NAME.answers.cache';
/** The calls of a phase before the first one that comes after a failure: see scenarios/lib/cached-answers.ts. */
const BEFORE = 3;

type Request = Pick<Exchange, 'endpoint' | 'phase'>;

/** Defects of caches, and of answers that several callers get. They answer in place of the service. */
export const CACHE_MUTANTS: readonly WireMutant[] = [
  {
    name: 'same-answer-for-several-callers',
    does: 'callers who send the same question at once get the same answer',
    turnsRed: ['same-question-apart'],
    disturbs: ['own-answers', 'answers-whole'],
    needs: 'endpoints.NAME.answers',
    idle: 'callers may differ in nothing but their question',
    create: (wire) => answersOthersWithTheLast(wire, 'same question'),
  },
  {
    name: 'cached-answer-for-another-caller',
    does: 'another caller with the same question gets the answer of the first one',
    turnsRed: ['cached-answers-apart'],
    disturbs: ['own-answers'],
    needs: NEEDS,
    idle: 'callers may differ in nothing but their question',
    create: (wire) => answersOthersWithTheLast(wire, 'cached for another'),
  },
  {
    name: 'cached-failure',
    does: 'a question that failed once gets an error again after the upstream has recovered',
    turnsRed: ['failures-not-cached'],
    disturbs: ['cached-answers-end', 'answers-compared'],
    needs: NEEDS,
    create() {
      const seen = new Map<number | undefined, number>();
      return {
        instead(request) {
          if (!isDoing(request.phase, 'cached answers')) return undefined;
          const before = seen.get(request.phase?.id) ?? 0;
          seen.set(request.phase?.id, before + 1);
          return before < BEFORE ? undefined : madeUp(502);
        },
      };
    },
  },
  {
    name: 'cached-answer-kept-too-long',
    does: 'a question gets the answer from the cache after the time of the cache',
    turnsRed: ['cached-answers-end'],
    disturbs: ['own-answers'],
    needs: NEEDS,
    create(wire) {
      const first = new Map<number | undefined, number>();
      return {
        instead(request) {
          if (!isDoing(request.phase, 'cached answers')) return undefined;
          const id = request.phase?.id;
          const began = first.get(id) ?? Date.now();
          first.set(id, began);
          return Date.now() - began > secondsOf(request, wire) * 1_000 ? wire.served(request.endpoint) : undefined;
        },
      };
    },
  },
];

const secondsOf = ({ endpoint = '' }: Request, { contract }: Wire): number =>
  contract.endpoints[endpoint]?.answers?.cache?.seconds ?? Number.POSITIVE_INFINITY;

/** Answers all requests of a phase but the first with the last answer of the endpoint that was served. */
function answersOthersWithTheLast(wire: Wire, action: ActionName) {
  let endpoint: string | undefined;
  const isIn = (request: Request) => {
    if (!isDoing(request.phase, action)) return false;
    endpoint = request.endpoint;
    return true;
  };
  return answersOthers(isIn, (): WireAnswer => wire.served(endpoint) ?? madeUp(502));
}
