import { count } from '../../base/in-words.ts';
import type { Contract } from '../../contract/contract.ts';
import type { RequestReceipt } from '../../history/events.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { BuiltInChecker } from '../lib/checker.ts';
import { type Got, type Part, rangesOf, readerOf, receiptsAt, type Word, wordsOf } from './got.ts';
import { ownAt, type Seen, seenIn } from './seen.ts';
import { compare } from './texts.ts';

/**
 * Checks that the ledger's row of a request has the answer that its caller got: all of the words that the response
 * shows, and none of another call.
 */
export const ledgerKeepsAnswer: BuiltInChecker = {
  name: 'ledger-keeps-answer',
  restsOn: ['own-answers', 'ledger-keeps-row'],
  usually:
    'The row is written from a variable that another request has changed, before the last piece of the answer has come, or with the identity of another caller.',
  fix: 'Pass the answer and the identity of the caller to the function that stores them, and store the answer after its last piece.',
  noWireMutant: 'it judges what the service has stored',
  cases: ({ contract: { ledger } }) =>
    ledger?.answer === undefined ? [] : [{ check: checkOf(ledger), promises: [['ledger', 'answer']] }],
  without: 'the contract names no column with answers (ledger.answer)',
  judge(history, facts) {
    const { ledger } = facts.contract;
    if (ledger?.answer === undefined) return [];
    const judged = { check: checkOf(ledger), expected: 'each row has the answer that its caller got' };
    const { answers, rows = {}, problem, at = 0 } = history.all('stored').at(-1) ?? {};
    if (answers === undefined) {
      return [{ ...judged, observed: problem ?? 'the table was not read', verdict: 'INCONCLUSIVE' }];
    }
    const seen = seenIn(history, facts);
    const words = readerOf(history);
    const compared = seen.responses.flatMap((got) => {
      const { key } = got.call.tags;
      if (key === undefined || got.endpoint !== ledger.endpoint || !ledger.acknowledged.includes(got.call.status)) {
        return [];
      }
      // A row that is missing, or that has another key, is judged by the checks of the ledger.
      if (!Object.hasOwn(rows, key)) return [];
      const shown = got.parts.filter((part) => ownAt(seen, got, part).length > 0);
      return shown.length === 0 ? [] : [{ got, shown, stored: words(ledger.answer ?? '', answers[key] ?? '', at) }];
    });
    const wrong = compared.flatMap((row) => defectOf(seen, row));
    const [first, ...others] = wrong;
    return [
      {
        ...judged,
        observed: first?.observed ?? `${count(compared.length, 'row')} with the words of the response`,
        verdict: first ? 'FAIL' : compared.length > 0 ? 'PASS' : 'INCONCLUSIVE',
        ...(first && { texts: first.texts }),
        ...(others.length > 0 && { evidence: others.slice(0, SHOWN).map(({ observed }) => observed) }),
      },
    ];
  },
};

/** Maximum number of further rows to list. */
const SHOWN = 10;

const checkOf = ({ endpoint }: NonNullable<Contract['ledger']>): string => `ledger keeps the answer: ${endpoint}`;

interface Row {
  readonly got: Got;
  /** The places of the response that show its answer. */
  readonly shown: readonly Part[];
  readonly stored: Part;
}

function defectOf(seen: Seen, { got, shown, stored }: Row): Pick<Finding, 'observed' | 'texts'>[] {
  const own = [...new Set(shown.flatMap((part) => ownAt(seen, got, part)))];
  const others = receiptsAt(stored).filter((receipt) => !own.some(({ seq }) => seq === receipt.seq));
  for (const receipt of own) {
    const kept = new Set(wordsOf(stored, receipt).map(placeOf));
    const missing = shown.flatMap((part) => wordsOf(part, receipt)).filter((word) => !kept.has(placeOf(word)));
    const other = others.find((candidate) => missing.length > 0 || seen.belongings.of(got, candidate).is === 'other');
    if (missing.length === 0 && other === undefined) continue;
    const row = `the row ${got.call.tags.key}`;
    const has =
      other === undefined ? `${row} lacks` : `${row} has ${wordsIn(wordsOf(stored, other), other)}; its caller got`;
    const words = missing.length > 0 ? missing : shown.flatMap((part) => wordsOf(part, receipt));
    return [{ observed: `${has} ${wordsIn(words, receipt)}`, texts: compare(receipt, stored) }];
  }
  return [];
}

const placeOf = ({ channel, position }: Word): string => `${channel} ${position}`;

const wordsIn = (words: readonly Word[], { seq }: RequestReceipt): string =>
  `${rangesOf(words.map(({ position }) => position))} of receipt ${seq}`;
