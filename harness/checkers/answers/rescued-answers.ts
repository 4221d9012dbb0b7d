import { entryOf } from '../../base/entry-of.ts';
import { isHttp } from '../../contract/is-http.ts';
import type { ActionPhase, PlannedAction } from '../../contract/phases.ts';
import { answeredBy } from '../../contract/schema/answers.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import { type Finding, type Verdict, worst } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, planned } from '../lib/checker.ts';
import { type Got, isServed, rangesOf, receiptsAt, wordsOf } from './got.ts';
import { promisedOf, seenIn } from './seen.ts';

/**
 * Checks that a call that a further attempt rescues shows the answer of that attempt, and no word of a failed one. It
 * judges endpoints whose responses show words of the upstream's answers while nothing is broken.
 */
export const rescuedAnswers: BuiltInChecker = {
  name: 'rescued-answers',
  restsOn: ['own-answers'],
  undecidedBy: ['calls-rescued'],
  usually:
    'The caller gets what is left of the first attempt: an empty or partial answer that was stored before the attempt failed.',
  fix: 'Begin with empty buffers at each attempt, and answer with the data of the attempt that succeeds.',
  cases: (facts) =>
    planned(facts, 'rescued') &&
    [...Map.groupBy(planned(facts, 'rescued') ?? [], checkOf)].flatMap(([check, [first]]) =>
      first && isPromised(facts, first) ? [{ check, promises: [['endpoints', first.endpoint, 'answers', 'as']] }] : [],
    ),
  without: 'no endpoint that repeats calls says how answers show (endpoints.NAME.answers.as)',
  judge(history, facts) {
    const phases = history.phases('rescued').filter(({ endpoint }) => !isLeftOpen(facts, endpoint));
    return [...Map.groupBy(phases, checkOf)].flatMap(([check, rescues]): Finding[] => {
      const [first] = rescues as [Rescued];
      if (!showsAnswers(history, facts, first)) {
        if (!isPromised(facts, first)) return [];
        const observed = 'no words of its answers in the responses while nothing is broken';
        return [{ check, expected: EXPECTED, observed, verdict: 'INCONCLUSIVE' }];
      }
      const judged = rescues.flatMap((phase) => judgeAnswer(history, facts, phase));
      return [
        {
          check,
          requests: tagsIn(rescues, { about: 'rescued' }),
          expected: EXPECTED,
          observed: judged.find(({ verdict }) => verdict === 'FAIL')?.text ?? `in ${judged.length} rescued calls`,
          verdict: judged.length === 0 ? 'INCONCLUSIVE' : worst(judged.map(({ verdict }) => verdict)),
        },
      ];
    });
  },
};

const EXPECTED = 'the words of the attempt without a fault';

type Rescued = PhaseEntry<ActionPhase<'rescued'>>;
type Path = Pick<PlannedAction<'rescued'>, 'upstream' | 'endpoint'>;

const checkOf = ({ upstream, endpoint }: Path): string => `answer of the good attempt: ${upstream}, ${endpoint}`;

/** Whether responses may show anything, or nothing. */
const isLeftOpen = (facts: Facts, endpoint: string): boolean =>
  ['digest', 'none'].includes(promisedOf(facts, endpoint)?.as ?? '');

/** Whether the contract says that an endpoint's responses show the answers of this upstream. */
function isPromised(facts: Facts, { endpoint, upstream }: Path): boolean {
  const described = entryOf(facts.contract.endpoints, endpoint);
  if (described?.answers?.as === undefined || isLeftOpen(facts, endpoint)) return false;
  const shown = answeredBy(described).filter((name) => isHttp(facts.contract, name));
  // Which of several upstreams is shown is promised only if they are named.
  return shown.includes(upstream) && (described.answers.from !== undefined || shown.length === 1);
}

const showsWords = ({ parts }: Got, { upstream }: Path): boolean =>
  parts.some(({ words }) => words.some(({ receipt }) => receipt.upstream === upstream));

/** Whether each response of the endpoint shows words of the upstream's answers while nothing is broken. */
function showsAnswers(history: History, facts: Facts, path: Path): boolean {
  const { endpoint } = path;
  const calm = new Set(history.sentIn(history.phases('steady'), { endpoint }));
  const healthy = seenIn(history, facts).responses.filter(({ call }) => calm.has(call));
  return healthy.length > 0 && healthy.every((got) => showsWords(got, path));
}

function judgeAnswer(history: History, facts: Facts, phase: Rescued): { text: string; verdict: Verdict }[] {
  const calls = new Set(history.sentIn(phase, { about: 'rescued' }));
  const got = seenIn(history, facts).responses.find(({ call }) => calls.has(call));
  if (got === undefined || !isServed(facts, got)) return [];
  const received = history.receiptsIn(phase, phase.upstream);
  const good = received.filter(({ faults, answer }) => faults.length === 0 && answer !== undefined);
  if (good.length === 0) return [];
  const shown = (of: typeof received) =>
    got.parts.flatMap((part) =>
      receiptsAt(part).flatMap((receipt) =>
        of.some(({ seq }) => seq === receipt.seq) ? wordsOf(part, receipt).map(({ position }) => position) : [],
      ),
    );
  const failed = shown(received.filter(({ faults }) => faults.length > 0));
  if (failed.length > 0) {
    const text = `${phase.title}: ${rangesOf(failed)} of an attempt that failed`;
    return [{ text, verdict: 'FAIL' }];
  }
  return shown(good).length > 0
    ? [{ text: '', verdict: 'PASS' }]
    : [{ text: `${phase.title}: no word of receipt ${good[0]?.seq} in the response`, verdict: 'FAIL' }];
}
