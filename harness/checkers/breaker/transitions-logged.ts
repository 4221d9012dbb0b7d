import type { Transition } from '../../history/events.ts';
import { matcher } from '../../history/transitions.ts';
import type { Finding } from '../../verdict/finding.ts';
import { promiseOf } from '../lib/breaker-promises.ts';
import { type Breaker, type BuiltInChecker, breakerOf, mayBegin } from '../lib/checker.ts';
import { countedUntil, openedAt, trialFrom, triedWhileOpen } from '../lib/opened-at.ts';
import { moments } from './moments.ts';

/** The transitions during an outage with one failed trial, in order. */
const TRANSITIONS = ['open', 'half-open', 'open'];
/** Additional transitions if the breaker needs several successful trials. */
const TOO_FEW = ['half-open', 'open'];
const CLOSING = ['half-open', 'closed'];
/** Additional transitions if the breaker opens by rate. */
const AT_THE_MINIMUM = ['open', 'half-open', 'closed'];

/** Returns the patterns that no line in the log matched, with their place in the contract. */
const unmatched = (
  name: string,
  log: NonNullable<Breaker['log']>,
  lines: readonly Pick<Transition, 'to'>[],
): string[] =>
  FIELDS.filter((field) => log[field] && !lines.some(({ to }) => to === STATES[field])).map((field) => {
    const texts = (log[field] ?? []).map((text) => `"${text}"`).join(', ');
    return `no log line contains all of breakers.${name}.log.${field}: ${texts}`;
  });

const FIELDS = ['opened', 'halfOpen', 'closed'] as const;
const STATES = { opened: 'open', halfOpen: 'half-open', closed: 'closed' } as const;

const CHECK = 'transitions logged';

/**
 * Checks that each of the breaker's transitions is logged on a single line with the contract's wording, and never
 * before it happens.
 */
export const transitionsLogged: BuiltInChecker = {
  name: 'transitions-logged',
  restsOn: ['breaker-opens', 'breaker-admits-one-trial', 'breaker-reopens', 'breaker-closes'],
  usually: 'The log line is missing, is worded differently from the contract, or is written before the state changes.',
  fix: 'Log one line for each change of state, after it, with the texts in `breakers.NAME.log`. The numbers in it must be the real ones.',
  cases(facts) {
    const breaker = breakerOf(facts);
    const promises = FIELDS.filter((field) => breaker.log?.[field]).map((field) => promiseOf(breaker, 'log', field));
    return breaker.log ? [{ check: CHECK, promises }] : [];
  },
  without: 'the contract names no log lines of the breaker (breakers.NAME.log)',
  judge(history, facts) {
    const { name, log, threshold, recoverySeconds, upstream, opening, trying } = breakerOf(facts);
    if (!log) return [];
    const transitions = [
      ...TRANSITIONS,
      ...(trying.toClose > 1 && mayBegin(facts, 'one good trial too few') ? TOO_FEW : []),
      ...CLOSING,
      ...(opening.alone !== undefined && mayBegin(facts, 'at the minimum') ? AT_THE_MINIMUM : []),
    ];
    const expected = transitions.filter((to) => to !== 'half-open' || log.halfOpen).join(', ');
    const lines = history.all('transition').filter(({ breaker }) => breaker === name);
    const seen = lines.map(({ to }) => to).join(', ');
    // With a rate, the number of failures in the log line is unknown.
    const saysThreshold = log.opened.every((text) =>
      matcher(text, { failures: threshold, recoverySeconds }).test(lines[0]?.line ?? ''),
    );
    const texts = threshold === undefined ? log.opened.filter((text) => !text.includes('{failures}')) : log.opened;
    const first = texts.map((text) =>
      text.replace('{failures}', String(threshold)).replace('{recovery}', String(recoverySeconds)),
    );
    const judged: Omit<Finding, 'verdict'> = {
      check: CHECK,
      expected: first.length === 0 ? expected : `${expected}; first "${first[0]}"`,
      observed: seen === '' ? 'no line' : seen,
      evidence: [...unmatched(name, log, lines), ...lines.map(({ line }) => line)],
    };
    const trials = (['half-open', 'reopened'] as const).map((action) =>
      history.receiptsIn(history.phases(action), upstream),
    );
    if (trials.some(({ length }) => length === 0) || triedWhileOpen(history, facts))
      return [{ ...judged, verdict: 'INCONCLUSIVE' }];
    const failed = trials[0]?.[0]?.endedAt ?? Number.NEGATIVE_INFINITY;
    const since = [openedAt(history, facts), failed];
    const due = since.map((opened) => trialFrom(history, facts, breakerOf(facts), opened));
    const tries = lines.filter(({ to }) => to === 'half-open');
    const index = tries.findIndex(({ at }, round) => at < (due[round] ?? at));
    const early = tries[index];
    if (early) {
      const counted = countedUntil(history, facts, breakerOf(facts), since[index]);
      const evidence = moments(history, { 'half-open was logged before it was possible': early.at });
      return [{ ...judged, verdict: 'FAIL', evidence: [...evidence, ...counted, early.line] }];
    }
    return [{ ...judged, verdict: seen === expected && saysThreshold ? 'PASS' : 'FAIL' }];
  },
};
