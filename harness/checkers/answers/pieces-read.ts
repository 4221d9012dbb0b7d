import type { ActionPhase } from '../../contract/phases.ts';
import { LINE_ENDS, type LineEnds } from '../../contract/schema/answers.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import { type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, planned } from '../lib/checker.ts';
import { missingFrom } from './answers-whole.ts';
import { isServed, receiptsAt } from './got.ts';
import { promisedEnds, promisedOf, type Seen, seenIn } from './seen.ts';

const ENDS = Object.keys(LINE_ENDS) as LineEnds[];

/**
 * Checks that a service reads an answer that comes in pieces, in a call alone: split at each line end and inside of
 * characters. Lines of event streams end with LF. The standard also allows CRLF and CR, which the contract can promise
 * (`answers.lineEnds`). Without this promise, only a service that reads such lines in one piece must read them in several.
 */
export const piecesRead: BuiltInChecker = {
  name: 'pieces-read',
  restsOn: ['steady-state', 'answers-whole'],
  usually:
    'The service parses each chunk of bytes by itself, or knows only one of the line ends that server-sent events may have.',
  fix: 'Parse streams with a library, such as `eventsource-parser` or `httpx-sse`. A parser of your own keeps incomplete lines, and ends a line at CRLF, LF or CR.',
  noWireMutant: 'a proxy in front of the service does not see how its upstreams end their lines',
  cases: (facts) =>
    planned(facts, 'pieces alone')?.flatMap(({ endpoint }) => [
      ...(isJudged(facts, endpoint) ? [{ check: checkOf(endpoint), promises: [] }] : []),
      ...promisedEnds(facts, endpoint).map((ends) => ({
        check: checkOf(endpoint, ends),
        promises: [['endpoints', endpoint, 'answers', 'lineEnds'] as const],
      })),
    ]),
  without: 'no endpoint promises how it shows answers (endpoints.NAME.answers.as)',
  judge(history, facts) {
    const seen = seenIn(history, facts);
    return history.phases('pieces alone').flatMap((phase) => judge(seen, phase));
  },
};

const checkOf = (endpoint: string, ends?: LineEnds): string =>
  ends ? `reads answers whose lines end with ${LINE_ENDS[ends]}: ${endpoint}` : `reads answers in pieces: ${endpoint}`;

/** Whether words of an answer must be seen. */
function isJudged(facts: Facts, endpoint: string): boolean {
  const { as } = promisedOf(facts, endpoint) ?? {};
  return as !== undefined && as !== 'none';
}

function judge(seen: Seen, phase: PhaseEntry<ActionPhase<'pieces alone'>>): Finding[] {
  const { history, facts } = seen;
  const { endpoint } = phase;
  const problemWith = (about: string): Problem => problemOf(seen, history.requestsIn(phase, { endpoint, about })[0]);
  const finding = (check: string, { why, isUnknown }: Problem): Finding => ({
    check,
    requests: tagsIn(phase),
    expected: 'a whole answer',
    observed: why ?? 'a whole answer',
    verdict: why === undefined ? 'PASS' : isUnknown ? 'INCONCLUSIVE' : 'FAIL',
  });
  const promised = promisedEnds(facts, endpoint);
  const unread = ENDS.filter((ends) => problemWith(ends).why !== undefined);
  const split = ENDS.filter((ends) => !unread.includes(ends)).map((ends) => problemWith(`${ends} in pieces`));
  const problem = [problemWith('in pieces'), ...split].find(({ why }) => why !== undefined) ?? {};
  const notes = unread.flatMap((ends) => (promised.includes(ends) ? [] : [noteOf(endpoint, ends, problemWith(ends))]));
  const isShown = isJudged(facts, endpoint) || (seen.learned.get(endpoint)?.places.size ?? 0) > 0;
  return [
    ...(isShown ? [{ ...finding(checkOf(endpoint), problem), ...(notes.length > 0 && { evidence: notes }) }] : []),
    ...promised.map((ends): Finding => {
      const promises: Finding['promises'] = [['endpoints', endpoint, 'answers', 'lineEnds']];
      return { ...finding(checkOf(endpoint, ends), problemWith(ends)), promises };
    }),
  ];
}

const noteOf = (endpoint: string, ends: LineEnds, { why }: Problem): string =>
  `not judged: lines that end with ${LINE_ENDS[ends]}: ${why}. ` +
  `\`endpoints.${endpoint}.answers: { lineEnds: [${ends}] }\` promises that they are read`;

/** Why a response has no whole answer, if it hasn't. */
interface Problem {
  readonly why?: string;
  /** Whether the response can't be blamed on the service. */
  readonly isUnknown?: true;
}

function problemOf(seen: Seen, call: RequestSample | undefined): Problem {
  if (call === undefined) return { why: 'no call was made', isUnknown: true };
  const { endpoint = '' } = call.tags;
  if (!isServed(seen.facts, { endpoint, call })) return { why: answerOf(call) };
  const got = seen.responses.find((response) => response.call === call);
  if (got?.answer.ends !== undefined)
    return { why: got.answer.ends === 'cut' ? 'a stream that broke off' : 'an error' };
  const [defect] = got ? missingFrom(seen, got) : [];
  if (defect) return { why: defect.observed };
  const shown = got?.parts.flatMap(receiptsAt) ?? [];
  const [other] = shown.filter(({ faults }) => faults.length === 0);
  // Another upstream is called if an answer can't be read.
  if (other && shown.every(({ faults }) => faults.length === 0))
    return { why: `an answer of ${other.upstream} instead` };
  return shown.length > 0 ? {} : { why: 'no word of an answer' };
}
