import type { Step } from '../../contract/tags.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { tells } from '../../history/tells.ts';
import type { Finding, Verdict } from '../../verdict/finding.ts';
import { type BuiltInChecker, tally } from '../lib/checker.ts';
import { answered, firstSent, lastAnswered } from '../lib/request-times.ts';
import { admitted, limitCase, limitsOf, NO_LIMITS, type WindowKind, windowKind } from './rate-limit-windows.ts';
import { otherWindows } from './ways-to-count.ts';

/**
 * One client's requests to a limit: the opener, which starts the window, and the bursts before and after the end of the
 * window.
 */
interface Round {
  earlier: RequestSample[];
  opener: RequestSample;
  before: RequestSample[];
  after: RequestSample[];
}

/** How many requests in a burst must be allowed, and whether that is certain. */
interface Side {
  due: number;
  certain: boolean;
}

type Model = (round: Round, max: number, lengthMs: number) => { before: Side; after: Side };

const SIDES = ['before', 'after'] as const;

/**
 * Checks that on both sides of the end of a window, the service allows exactly as many requests as the contract's
 * window model says. A fixed window allows N before its end and N right after it. A sliding window only allows as many
 * as have expired.
 *
 * The script sends one request, a burst shortly before the end of the window, and one shortly after it. It repeats the
 * round if it was too slow. Every part of a round that is certain counts.
 */
export const rateLimitWindowBoundary: BuiltInChecker = {
  name: 'rate-limit-window-boundary',
  restsOn: ['rate-limit-admits-exactly'],
  usually: 'The limiter uses a different window model than the contract says: fixed, clock-based, or sliding.',
  fix: 'Find out which window your library uses, and name it in `limiter.window`. `first-request`, `clock` and `sliding` differ only at the boundary.',
  cases: (facts) =>
    limitsOf(facts).flatMap(({ limit }) =>
      SIDES.map((side) => limitCase(checkOf(side, limit), limit, ['limiter', 'window'])),
    ),
  without: NO_LIMITS,
  judge: (history, facts) =>
    limitsOf(facts).flatMap(({ limit, max, lengthMs }) => {
      const kind = windowKind(facts);
      const rounds = roundsOf(history, limit).map((round) => {
        const due = MODELS[kind](round, max, lengthMs);
        return SIDES.map((side) => judgeSide(round[side], due[side]));
      });
      const usually = otherWindows(history.sent({ limit }), { max, lengthMs }, kind);
      return SIDES.map((side, index): Finding => {
        const judged = rounds.flatMap((round) => round[index] ?? []);
        const decisive =
          judged.find(({ verdict }) => verdict === 'FAIL') ?? judged.find(({ verdict }) => verdict === 'PASS');
        const { observed, expected, verdict } = decisive ?? judged.at(-1) ?? NOTHING;
        return {
          check: checkOf(side, limit),
          expected,
          observed,
          verdict,
          ...(verdict === 'FAIL' && usually !== undefined && { usually }),
          requests: [{ limit, step: side }],
        };
      });
    }),
};

const checkOf = (side: string, limit: string): string => `admits exactly ${side} the end: ${limit}`;

const NOTHING = { expected: 'a burst', observed: 'no requests', verdict: 'INCONCLUSIVE' as Verdict };

function judgeSide(burst: readonly RequestSample[], { due, certain }: Side): typeof NOTHING {
  const passed = burst.filter(admitted).length;
  const expected = `${due} admitted`;
  const observed = `${passed} of ${burst.length}: ${tally(burst.map(answerOf))}`;
  if (!certain)
    return { expected, observed: `${observed}; but the burst was on both sides of the end`, verdict: 'INCONCLUSIVE' };
  const isRefusedOtherwise = burst.some((request) => request.status === 0 && tells(request));
  if (passed > due || isRefusedOtherwise) return { expected, observed, verdict: 'FAIL' };
  const enough = burst.length > due && burst.every(tells);
  return { expected, observed, verdict: !enough ? 'INCONCLUSIVE' : passed === due ? 'PASS' : 'FAIL' };
}

function roundsOf(history: History, limit: string): Round[] {
  const all = history.sent({ limit });
  return all
    .filter(({ tags }) => tags.step === 'opener')
    .map((opener) => {
      const of = (step: Step) => history.sent({ limit, step, round: opener.tags.round ?? '' });
      return { earlier: all.filter(({ at }) => at < opener.at), opener, before: of('before'), after: of('after') };
    });
}

/** Whether earlier requests no longer count, and the first burst ended while the opener still counted. */
const isInOne = ({ earlier, opener, before }: Round, lengthMs: number): boolean =>
  lastAnswered(earlier) + lengthMs <= opener.at && lastAnswered(before) < opener.at + lengthMs;

/**
 * The opener starts a window at some time between when it is sent and when its response arrives. The first request
 * after the end of that window starts another.
 */
const firstRequest: Model = ({ earlier, opener, before, after }, max, lengthMs) => {
  const inOne = isInOne({ earlier, opener, before, after }, lengthMs);
  const ended = firstSent(after) >= answered(opener) + lengthMs;
  return {
    before: { due: max - Number(admitted(opener)), certain: inOne },
    // If it is slow, the burst may have started the next window itself.
    after: { due: max, certain: inOne && ended && lastAnswered(after) < firstSent(after) + lengthMs },
  };
};

/** The two bursts are in consecutive clock-aligned windows. */
const clock: Model = ({ earlier, opener, before, after }, max, lengthMs) => {
  const windowAt = (time: number) => Math.floor(time / lengthMs);
  const own = windowAt(opener.at);
  const next = windowAt(firstSent(after));
  return {
    before: {
      due: max - Number(admitted(opener)),
      certain: windowAt(lastAnswered(earlier)) < own && windowAt(lastAnswered(before)) === own,
    },
    after: { due: max, certain: next > windowAt(lastAnswered(before)) && windowAt(lastAnswered(after)) === next },
  };
};

/** When the opener expires, one more request is allowed until the first request of the burst expires too. */
const sliding: Model = ({ earlier, opener, before, after }, max, lengthMs) => {
  const inOne = isInOne({ earlier, opener, before, after }, lengthMs);
  const left = firstSent(after) >= answered(opener) + lengthMs;
  return {
    before: { due: max - Number(admitted(opener)), certain: inOne },
    after: {
      due: max - before.filter(admitted).length,
      certain: inOne && left && lastAnswered(after) < firstSent(before) + lengthMs,
    },
  };
};

const MODELS: Record<WindowKind, Model> = {
  'first-request': firstRequest,
  clock,
  sliding,
};
