import { answerOf } from '../../history/answer-of.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Facts, isServed, tally } from '../lib/checker.ts';

const USUALLY =
  'The answer "not found" is cached, and not forgotten when the row is stored: a later read gets the old answer.';

/** Statuses that are unrelated to the row: the caller may not read, or reads too often. */
const OF_THE_CALLER = [401, 403, 429];

/**
 * Judges whether endpoints that read the ledger show a new row that they did not find before. A control row, which was
 * not read before, shows the expected answer. Returns an empty list if the answers for a missing and a stored row don't
 * differ.
 */
export function readAfterWrite(history: History, facts: Facts): Finding[] {
  const { ledger } = facts.contract;
  if (!ledger) return [];
  return history.phases('read after write').flatMap((phase): Finding[] => {
    const read = (about: string) => history.requestsIn(phase, { about, endpoint: phase.endpoint });
    const [[before], after, [control]] = [read('before'), read('after'), read('control')];
    const written = history.requestsIn(phase, { about: 'written' });
    const isStored = written.length === 2 && written.every(({ status }) => ledger.acknowledged.includes(status));
    if (!before || !control || !isStored) return [];
    const isMissing = before.status >= 400 && before.status < 500 && !OF_THE_CALLER.includes(before.status);
    if (!isMissing || control.status >= 300 || !isServed(facts, control)) return [];
    const isShown = after.some(({ status }) => status === control.status);
    if (!isShown && !after.some(({ status }) => status === before.status)) return [];
    return [
      {
        check: checkOf(phase.endpoint),
        requests: tagsIn(phase, { about: 'after' }),
        expected: `${control.status} after the row is stored, although the read before got ${before.status}`,
        observed: tally(after.map(answerOf)),
        verdict: isShown ? 'PASS' : 'FAIL',
        ...(!isShown && {
          evidence: [`a row that was not read before it was stored: ${control.status}`],
          usually: USUALLY,
        }),
      },
    ];
  });
}

/** Returns a sentence about the endpoints that could not be judged, or an empty list if there are none. */
export function whyNotRead(history: History, judged: readonly Finding[]): string[] {
  const open = history.phases('read after write').filter(({ endpoint }) => !judged.some(isAbout(endpoint)));
  const names = open.map(({ endpoint }) => endpoint).join(', ');
  return open.length === 0
    ? []
    : [
        `not judged: whether ${names} shows what is stored. A missing and a stored row get the same answer, or a call was refused`,
      ];
}

const isAbout =
  (endpoint: string) =>
  ({ check }: Finding): boolean =>
    check === checkOf(endpoint);

const checkOf = (endpoint: string): string => `shows what is stored: ${endpoint}`;
