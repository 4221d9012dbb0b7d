import { count } from '../../base/in-words.ts';
import type { ActionPhase } from '../../contract/phases.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, planned } from '../lib/checker.ts';
import { promisedOf } from './seen.ts';

/**
 * Checks that callers who read slowly get all words of a long stream, in order, or are told that something is missing.
 * The stream is longer than the operating system keeps for a connection, so that the service has to wait for its caller.
 */
export const slowReadersGetAll: BuiltInChecker = {
  name: 'slow-readers-get-all',
  restsOn: ['steady-state', 'answers-whole', 'words-in-order'],
  usually:
    'The service drops pieces while the connection of a slow caller accepts no more: a queue of fixed size, or an ignored result of a write.',
  fix: 'Stop reading from the upstream until the connection of the caller accepts more (`stream.pipeline` in Node, `await drain()` in Python, a blocking write in Go). If you give up a slow caller, abort the response instead of ending it.',
  noWireMutant: 'the lab calls the service itself, past the proxy that wire mutants change',
  cases: (facts) =>
    planned(facts, 'slow readers')
      ?.filter(({ endpoint }) => isPromised(facts, endpoint))
      .map(({ endpoint }) => ({ check: checkOf(endpoint), promises: [['endpoints', endpoint, 'answers', 'as']] })),
  without: 'no endpoint with a stream promises whole answers (endpoints.NAME.answers.as)',
  judge: (history, facts) =>
    history.phases('slow readers').flatMap((phase) => judge(history, phase, isPromised(facts, phase.endpoint))),
};

const checkOf = (endpoint: string): string => `slow readers get all of a long stream: ${endpoint}`;

const isPromised = (facts: Facts, endpoint: string): boolean =>
  ['whole', 'field'].includes(promisedOf(facts, endpoint)?.as ?? '');

function judge(history: History, phase: PhaseEntry<ActionPhase<'slow readers'>>, isNeeded: boolean): Finding[] {
  const { endpoint } = phase;
  const sent = Math.max(
    0,
    ...history
      .receiptsIn(phase, phase.upstream)
      .flatMap((receipt) =>
        receipt.faults.some((fault) => fault.endsWith(':flood')) ? (receipt.answer?.words ?? []) : [],
      ),
  );
  const readers = readersIn(history, phase);
  const seen = readers.filter(({ words }) => words > 0);
  if (seen.length === 0 && !isNeeded) return [];
  const wrong = seen.filter(({ isWhole, words, right }) => right < words || (isWhole && right < sent));
  const said = ({ words, right, isWhole }: Reader): string =>
    right < words
      ? `${right} words in order, and then others (${words} in all)`
      : `${right} words${isWhole ? '' : ', and the stream broke off'}`;
  const broken = seen.filter(({ isWhole }) => !isWhole).length;
  return [
    {
      check: checkOf(endpoint),
      requests: tagsIn(phase),
      expected: `${sent} words in order, or a stream that breaks off`,
      observed:
        wrong[0] !== undefined
          ? said(wrong[0])
          : `${count(seen.length, 'reader')} got words of ${count(readers.length, 'stream')}${broken > 0 ? `, ${broken} broke off` : ''}`,
      verdict: wrong.length > 0 ? 'FAIL' : sent > 0 && broken < seen.length ? 'PASS' : 'INCONCLUSIVE',
      ...(wrong.length > 1 && { evidence: wrong.slice(1).map(said) }),
    },
  ];
}

/** What a slow reader got. */
interface Reader {
  readonly isWhole: boolean;
  readonly words: number;
  /** The number of words before the first one that is wrong. */
  readonly right: number;
}

function readersIn(history: History, phase: PhaseEntry<ActionPhase<'slow readers'>>): Reader[] {
  const metricOf = (metric: string, about: string | undefined): number =>
    history.metricIn(metric, phase, about === undefined ? {} : { about })[0]?.value ?? 0;
  return history.metricIn('slow_reader_whole', phase).map(({ value, tags: { about } }) => ({
    isWhole: value === 1,
    words: metricOf('slow_reader_words', about),
    right: metricOf('slow_reader_words_in_order', about),
  }));
}
