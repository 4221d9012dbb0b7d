import { count } from '../../base/in-words.ts';
import { median } from '../../base/median.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, isServed, tally } from '../lib/checker.ts';
import { firstSent, lastAnswered } from '../lib/request-times.ts';
import { notSwitchedOff, refusedByLimit } from '../lib/switched-off.ts';
import { admitted } from './rate-limit-windows.ts';

const [WITH, WITHOUT] = ['with limits', 'without limits'] as const;

/** Up to the first ratio, limits spare a service most of the abuse. From the second ratio, they spare it hardly any. */
const [BENEFIT, NO_BENEFIT] = [0.5, 0.75];

const SPARES_CHECK = 'spares the work of an abuser';
const OTHERS_CHECK = 'serves others beside an abuser';

/** The calls of an abuser and of another client. */
interface Abuse {
  readonly phases: readonly PhaseEntry[];
  readonly calls: RequestSample[];
  readonly others: RequestSample[];
}

/**
 * Compares the same abuse with and without limits: one client sends four times as many calls as its limit allows, and
 * another client sends a few. With limits, most of the abuser's calls must be refused, and the other client must be
 * served. That refused calls reach no upstream is judged by rate-limit-spares-upstreams.
 */
export const limitBenefit: BuiltInChecker = {
  name: 'limit-benefit',
  restsOn: ['rate-limit-admits-exactly', 'rate-limit-bucket', 'rate-limit-isolated'],
  usually:
    'The limit is checked after the work, does not apply to this endpoint, or one client that is refused affects the others.',
  fix: 'Check the limit before the body is parsed and before anything is called, and count each client separately.',
  cases: () => [SPARES_CHECK, OTHERS_CHECK].map((check) => ({ check, promises: [] })),
  judge(history, facts) {
    const [on, off] = [abuseOf(history, WITH), abuseOf(history, WITHOUT)];
    const [limit = ''] = [...on.calls, ...off.calls].flatMap(({ tags }) => tags.endpoint ?? []);
    const why = whyNot(on, off, facts.numbers.limits[limit]?.windowSeconds ?? 0);
    const served = ({ calls }: Abuse) => calls.filter(admitted).length;
    const spared: Finding = {
      ...compare([served(on), served(off)]),
      requests: tagsIn([...on.phases, ...off.phases], { about: 'abuse' }),
    };
    const { observed } = spared;
    const refused = refusedByLimit(history, facts, off.calls);
    if (refused.length > 0) {
      const without = `${observed}; ${refused.length} refused although limits should be off`;
      const wrong: Finding = { ...spared, observed: without, usually: notSwitchedOff(facts), verdict: 'FAIL' };
      return [wrong, othersServed(on, off, facts)];
    }
    return [
      why === undefined
        ? spared
        : { ...spared, observed: `${observed}; not comparable: ${why}`, verdict: 'INCONCLUSIVE' },
      othersServed(on, off, facts),
    ];
  },
};

function abuseOf(history: History, variant: string): Abuse {
  const phases = history.phases('abuse beside', { variant });
  return {
    phases,
    calls: history.requestsIn(phases, { about: 'abuse' }),
    others: history.requestsIn(phases, { about: 'well-behaved' }),
  };
}

function whyNot(on: Abuse, off: Abuse, windowSeconds: number): string | undefined {
  if (on.calls.length === 0 || on.calls.length !== off.calls.length) return 'not the same calls';
  if ([...on.calls, ...off.calls].some(({ status }) => status === 0)) return 'not every call was answered';
  if (off.calls.some(({ status }) => status === 429)) {
    return 'calls were refused without limits: the settings of the condition "no-rate-limits" do not switch them off';
  }
  const seconds = (lastAnswered(on.calls) - firstSent(on.calls)) / 1_000;
  if (seconds < windowSeconds) return undefined;
  return `the calls took ${seconds.toFixed(1)} s, which is more than one window; if the service can't be faster, use a longer window in the profile`;
}

function compare([on, off]: readonly [number, number]): Finding {
  const what = (n: number) => `${count(n, 'call')} admitted`;
  const ratio = on / off;
  const times = Number.isFinite(ratio) ? `: ${ratio.toFixed(2)} ×` : '';
  return {
    check: SPARES_CHECK,
    expected: `at most ${BENEFIT} × the value without limits`,
    observed: `${what(on)} with, ${what(off)} without${times}`,
    verdict: ratio <= BENEFIT ? 'PASS' : ratio >= NO_BENEFIT ? 'FAIL' : 'INCONCLUSIVE',
  };
}

function othersServed(on: Abuse, off: Abuse, facts: Facts): Finding {
  const describe = ({ others }: Abuse) =>
    others.length === 0
      ? 'no calls'
      : `${tally(others.map(answerOf))} in ${median(others.map(({ ms }) => ms)).toFixed(0)} ms`;
  const bad = on.others.filter((call) => !isServed(facts, call));
  // Another refusal may be caused by the calls of the abuser that its limit allows.
  const isWrong = bad.some(({ status }) => status === 429 || status === 0);
  return {
    check: OTHERS_CHECK,
    requests: tagsIn([...on.phases, ...off.phases], { about: 'well-behaved' }),
    expected: 'every call of another client is served with limits',
    observed: `${describe(on)} with, ${describe(off)} without`,
    verdict: isWrong ? 'FAIL' : on.others.length === 0 || bad.length > 0 ? 'INCONCLUSIVE' : 'PASS',
  };
}
