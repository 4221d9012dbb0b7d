import type { ActionPhase } from '../../contract/phases.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Facts, isServed, tally } from '../lib/checker.ts';

const USUALLY =
  'The answer "not found" is cached, and not forgotten when the row is stored: a later read gets the old answer.';

const BY_BEGINNING =
  'A row is found by the beginning of its key, or by a part of it: with a pattern (`LIKE`), with `startsWith` or a range, or because the key is cut off.';

type Phase = PhaseEntry<ActionPhase<'read after write'>>;

/** The reads of a row that was not stored, and of one that was stored first. */
interface Reads {
  readonly before: RequestSample;
  readonly control: RequestSample;
}

/** Statuses that are unrelated to the row: the caller may not read, or reads too often. */
const OF_THE_CALLER = [401, 403, 429];

/**
 * Judges whether endpoints that read the ledger show a new row that they did not find before. A control row, which was
 * not read before, shows the expected answer. It was stored first, and must not be found by the beginning of its key.
 * Returns an empty list if the answers for a missing and a stored row don't differ.
 */
export function readAfterWrite(history: History, facts: Facts): Finding[] {
  const { ledger } = facts.contract;
  if (!ledger) return [];
  return history.phases('read after write').flatMap((phase): Finding[] => {
    const read = (about: string) => history.requestsIn(phase, { about, endpoint: phase.endpoint });
    const [before] = read('before');
    const [beside] = read('longer key stored');
    const [control] = read('control');
    const after = read('after');
    const written = history.requestsIn(phase, { about: 'written' });
    const isStored = written.length === 2 && written.every(({ status }) => ledger.acknowledged.includes(status));
    if (!before || !control || !isStored) return [];
    const isMissing = before.status >= 400 && before.status < 500 && !OF_THE_CALLER.includes(before.status);
    if (!isMissing || control.status >= 300 || !isServed(facts, control)) return [];
    return [...judgeFound(phase, { before, control }, beside), ...judgeShown(phase, { before, control }, after)];
  });
}

/** Judges whether a row was found that was not stored, while a row was whose key begins with its key. */
function judgeFound(phase: Phase, { before, control }: Reads, beside: RequestSample | undefined): Finding[] {
  if (beside?.status !== before.status && beside?.status !== control.status) return [];
  const isFound = beside.status === control.status;
  return [
    {
      check: `finds rows by their whole key: ${phase.endpoint}`,
      requests: tagsIn(phase, { about: 'longer key stored' }),
      expected: `${before.status} for a key that is not stored, although a stored key begins with it`,
      observed: answerOf(beside),
      verdict: isFound ? 'FAIL' : 'PASS',
      ...(isFound && { usually: BY_BEGINNING }),
    },
  ];
}

/** Judges whether a row was shown after it was stored. */
function judgeShown(phase: Phase, { before, control }: Reads, after: readonly RequestSample[]): Finding[] {
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
