import { count } from '../../base/in-words.ts';
import { isPromisedAgain, promisedCallsOf } from '../../contract/attempts.ts';
import { seenAs } from '../../contract/known-faults.ts';
import type { PromisePath } from '../../contract/promise-path.ts';
import type { RequestReceipt } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding, Verdict } from '../../verdict/finding.ts';
import { numberOf, promiseOf, whenItOpens } from '../lib/breaker-promises.ts';
import { type Breaker, type BuiltInChecker, breakerOf, type Facts, isServed, planned, tally } from '../lib/checker.ts';
import { judgeExcess, noiseOf, noiseOfNote, whatIsLeft } from '../lib/noise.ts';
import { trialFrom } from '../lib/opened-at.ts';
import { answered } from '../lib/request-times.ts';
import { EARLY_MS, LATE_MS } from '../lib/tolerances.ts';

const ACTIONS = [
  'below with retries',
  'opening with retries',
  'open with retries',
  'half-open with retries',
  'reopened with retries',
] as const;

type Action = (typeof ACTIONS)[number];

/** The check of each phase, and the promise that it judges. */
const PARTS: Readonly<Record<Action, { check: string; promise: (breaker: Breaker) => PromisePath }>> = {
  'below with retries': { check: 'stays closed below, counting attempts', promise: whenItOpens },
  'opening with retries': { check: 'opens at the threshold, counting attempts', promise: whenItOpens },
  'open with retries': {
    check: 'refuses while open, counting attempts',
    promise: (breaker) => promiseOf(breaker, 'refusal'),
  },
  'half-open with retries': {
    check: 'admits its trial, counting attempts',
    promise: (breaker) => promiseOf(breaker, 'trials'),
  },
  'reopened with retries': {
    check: 'reopens for a full timeout, counting attempts',
    promise: (breaker) => numberOf(breaker, 'recoverySeconds'),
  },
};

/**
 * Checks an outage of a breaker whose failures are all repeated, by counting the requests that arrive: n calls make up
 * to n times as many as the contract promises `attempts`. The breaker must stay closed after fewer failures, open at the
 * promised one (`counts` says whether it counts calls or attempts), refuse calls, admit one trial, and reopen for a full
 * timeout after it. Calls that the open breaker has refused may be repeated as well.
 */
export const outageWithRetries: BuiltInChecker = {
  name: 'outage-with-retries',
  timed: true,
  restsOn: ['steady-state', 'upstream-attempts'],
  usually:
    'The breaker does not count failures that are repeated, counts each attempt instead of each call or the other way round, or has another threshold.',
  fix: 'Decide whether the retries are around the breaker (it counts attempts) or inside of it (it counts calls), write it in `breakers.NAME.counts`, and let every attempt go through the breaker.',
  cases(facts) {
    const breaker = breakerOf(facts);
    return planned(facts, ...ACTIONS)?.map(({ action }) => ({
      check: PARTS[action].check,
      promises: [PARTS[action].promise(breaker)],
    }));
  },
  without: 'the breaker has a failure that is never repeated, with which `breaker-opens` and others judge it',
  judge(history, facts) {
    if (history.phases('opening with retries').length === 0) return [];
    const outage = new RetriedOutage(history, facts);
    return [
      ...(history.phases('below with retries').length > 0 ? [outage.staysClosed()] : []),
      outage.opens(),
      outage.refuses(),
      outage.admitsTrial(),
      outage.reopens(),
    ];
  },
};

type Judged = Pick<Finding, 'expected' | 'observed' | 'verdict' | 'evidence'>;

class RetriedOutage {
  readonly #history: History;
  readonly #facts: Facts;
  readonly #breaker: Breaker;
  readonly #attempts: number;

  constructor(history: History, facts: Facts) {
    this.#history = history;
    this.#facts = facts;
    this.#breaker = breakerOf(facts);
    this.#attempts = promisedCallsOf(facts.contract, this.#breaker.upstream).attempts;
  }

  staysClosed(): Finding {
    const { calls, reached } = this.#in('below with retries');
    const last = calls.at(-1);
    const isOpen = last !== undefined && !isServed(this.#facts, last) && reached.every(({ at }) => at < last.at);
    const isWhole = calls.length > 1 && last?.tags.about === 'success' && isServed(this.#facts, last);
    return this.#finding('below with retries', {
      expected: `after ${count(calls.length - 1, 'failing call')}, another one is served`,
      observed: `${count(reached.length, 'request')} for ${count(calls.length, 'call')}: ${this.#statuses('below with retries')}`,
      verdict: isOpen ? 'FAIL' : isWhole && reached.length >= calls.length ? 'PASS' : 'INCONCLUSIVE',
    });
  }

  /** The breaker opens in the middle of a call if it counts attempts, and after whole calls if it counts them. */
  opens(): Finding {
    const { calls, reached } = this.#in('opening with retries');
    const { counts, opening, upstream } = this.#breaker;
    const [least, most] = this.#perFailure(counts, opening.failures);
    const isOpened = this.#isOpened();
    const isRight = reached.length >= least && reached.length <= most;
    const verdict = calls.length === 0 || reached.length === 0 ? 'INCONCLUSIVE' : isOpened && isRight ? 'PASS' : 'FAIL';
    const whole = least === most ? count(most, 'request') : `${least} to ${count(most, 'request')}`;
    return this.#finding('opening with retries', {
      expected: `${whole} reach ${upstream} until a call does not`,
      observed: `${count(reached.length, 'request')} for ${count(calls.length, 'call')}, then ${isOpened ? 'none' : 'it was still closed'}`,
      verdict,
      evidence: [
        `the threshold is ${opening.failures}, and each call makes up to ${count(this.#attempts, 'attempt')}`,
        ...(isOpened ? [] : ['it never opens: does it count failures that are repeated?']),
      ],
    });
  }

  refuses(): Finding {
    const { calls } = this.#in('open with retries');
    const { upstream, refusal } = this.#breaker;
    const until = this.#trialFrom(this.#opened());
    const leaked = this.#in('open with retries').reached.filter(({ at }) => at < until).length;
    const inTime = calls.filter((call) => answered(call) < until);
    const others = inTime.filter(({ status }) => status !== refusal);
    const isWrong = leaked > 0 || others.length > 0;
    const verdict = !this.#isOpened() || inTime.length === 0 ? 'INCONCLUSIVE' : isWrong ? 'FAIL' : 'PASS';
    return this.#finding('open with retries', {
      expected: `every call gets ${refusal}, none reaches ${upstream}`,
      observed: `${tally(inTime.map(({ status }) => status))}; ${leaked} reached ${upstream}`,
      verdict,
    });
  }

  admitsTrial(): Finding {
    const { calls, reached } = this.#in('half-open with retries');
    const { counts, trying, upstream } = this.#breaker;
    const [least, most] = this.#perFailure(counts, trying.most ?? 1);
    // After the failed trial, the next one may be due if the calls are repeated for long.
    const until = this.#trialFrom(reached[0]?.endedAt ?? Number.NEGATIVE_INFINITY);
    const trials = reached.filter(({ at }) => at < until).length;
    const isTooMany = trying.most !== undefined && trials > most;
    const verdict: Verdict =
      !this.#isOpened() || calls.length < 2 || trials < least ? 'INCONCLUSIVE' : isTooMany ? 'FAIL' : 'PASS';
    return this.#finding('half-open with retries', {
      expected: `${trying.most === undefined ? `at least ${least}` : least === most ? most : `${least} to ${most}`} of many simultaneous calls' requests reach ${upstream}`,
      observed: `${count(trials, 'request')} for ${count(calls.length, 'call')}: ${this.#statuses('half-open with retries')}`,
      verdict,
    });
  }

  reopens(): Finding {
    const { recoverySeconds, upstream } = this.#breaker;
    const trial = this.#in('half-open with retries').reached.at(-1);
    const { calls, reached } = this.#in('reopened with retries');
    const [next] = reached;
    const expected = `the next trial ${recoverySeconds} s after a failed one`;
    if (trial?.endedAt == null || next === undefined) {
      return this.#finding('reopened with retries', {
        expected,
        observed: trial === undefined ? 'there was no failed trial' : `no call reached ${upstream} any more`,
        verdict: 'INCONCLUSIVE',
      });
    }
    const noise = noiseOf(this.#history, this.#facts);
    const gap = next.at - trial.endedAt;
    const timeout = recoverySeconds * 1_000;
    const early = [timeout - gap, EARLY_MS, noiseOfNote(noise, trial.endedAt)] as const;
    // A call that is repeated while the breaker is open takes so long that the next one begins late.
    const longest = Math.max(0, ...calls.map(({ ms }) => ms));
    const late = [gap - timeout, LATE_MS + longest, noise(trial.endedAt, next.at)] as const;
    const [tooEarly, tooLate] = [judgeExcess(...early), judgeExcess(...late)];
    const verdict = tooEarly === 'PASS' ? tooLate : tooEarly;
    return this.#finding('reopened with retries', {
      expected,
      observed: `a call reached ${upstream} after ${(gap / 1_000).toFixed(2)} s`,
      verdict: this.#isOpened() ? verdict : 'INCONCLUSIVE',
      evidence:
        tooEarly !== 'PASS'
          ? whatIsLeft('measured: too early by', ...early)
          : tooLate !== 'PASS'
            ? whatIsLeft('measured: too late by', ...late)
            : [],
    });
  }

  #in(action: Action) {
    const phases = this.#history.phases(action);
    const { upstream } = this.#breaker;
    return { phases, calls: this.#history.requestsIn(phases), reached: this.#history.receiptsIn(phases, upstream) };
  }

  #statuses(action: Action): string {
    return tally(this.#in(action).calls.map(({ status }) => status));
  }

  #finding(action: Action, judged: Judged): Finding {
    return { check: PARTS[action].check, requests: tagsIn(this.#history.phases(action)), ...judged };
  }

  /** Returns how many requests so many failures are: the fewest and the most. */
  #perFailure(counts: Breaker['counts'], failures: number): readonly [number, number] {
    const ofCalls = failures * this.#attempts;
    if (counts === 'attempts') return [failures, failures];
    return [counts === 'calls' && this.#isAlwaysRepeated() ? ofCalls : failures, ofCalls];
  }

  /** Whether the contract promises all attempts after each failure of the breaker. Otherwise, there may be fewer. */
  #isAlwaysRepeated(): boolean {
    const { contract, faults } = this.#facts;
    const calls = promisedCallsOf(contract, this.#breaker.upstream);
    return this.#breaker.failures.every((fault) => isPromisedAgain(calls, seenAs(fault, faults)) === true);
  }

  /** Whether the last call was refused without reaching the upstream. */
  #isOpened(): boolean {
    const { calls, reached } = this.#in('opening with retries');
    const last = calls.at(-1);
    return last?.status === this.#breaker.refusal && reached.every(({ at }) => at < last.at);
  }

  #opened(): number {
    const last = this.#in('opening with retries').reached.at(-1);
    return endOf(last) ?? Number.NEGATIVE_INFINITY;
  }

  #trialFrom(opened: number): number {
    return trialFrom(this.#history, this.#facts, this.#breaker, opened);
  }
}

const endOf = (receipt: RequestReceipt | undefined): number | undefined => receipt?.endedAt ?? receipt?.at;
