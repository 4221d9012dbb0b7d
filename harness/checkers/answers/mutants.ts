import { isServed, onAnswers, replay } from '../../wire/answers.ts';
import { type Exchange, withBody } from '../../wire/exchange.ts';
import type { Wire, WireMutant } from '../../wire/wire-mutant.ts';
import { actionIn, isDoing } from '../../wire/wire-phase.ts';
import { type Change, changePieces, showsWords } from './pieces.ts';

const NEEDS = 'endpoints.NAME.reaches';
const IDLE = 'no response showed words of an answer';

/** Whether an endpoint calls upstreams, and had a whole answer before. */
const hasAnswered = (exchange: Exchange, wire: Wire): boolean => {
  const { endpoint = '' } = exchange;
  const { reaches = [], method = 'GET', answers } = wire.contract.endpoints[endpoint] ?? {};
  const isJudged = answers?.as !== 'digest' && answers?.cache === undefined;
  return (
    reaches.length > 0 &&
    method !== 'GET' &&
    isJudged &&
    isServed(exchange, wire) &&
    wire.served(endpoint) !== undefined
  );
};

/** Whether a mutant may change a response. */
type Shows = (exchange: Exchange, wire: Wire) => boolean;

/**
 * Returns whether a missing end would show in a scenario: in a stream at once, and in other bodies only if the steady
 * state has shown that they are whole.
 */
function endsThatShow(): Shows {
  const known = new Set<string>();
  return (exchange, wire) => {
    const { phase, endpoint = '' } = exchange;
    if (/^text\/event-stream|ndjson|jsonl/i.test(exchange.header('content-type') ?? '')) return true;
    if (!isDoing(phase, 'steady')) return known.has(endpoint);
    if (isServed(exchange, wire)) known.add(endpoint);
    return false;
  };
}

/**
 * Defines a mutant that changes the pieces of an answer in each response but the first.
 *
 * @param showsIn Returns for each scenario whether the change would show in a response. Defaults to all.
 */
function onPieces(
  name: string,
  does: string,
  turnsRed: string,
  change: Change,
  showsIn: () => Shows = () => () => true,
): WireMutant {
  const showing = (shows: Shows): WireMutant =>
    onAnswers({
      name,
      does,
      turnsRed: [turnsRed],
      disturbs: ['answers-whole', 'words-in-order', 'streams-complete'].filter((checker) => checker !== turnsRed),
      needs: NEEDS,
      idle: IDLE,
      once: ({ endpoint = '' }) => endpoint,
      when: (exchange, wire) => shows(exchange, wire) && hasAnswered(exchange, wire),
      change: async (exchange) => changePieces(await exchange.whole(), exchange, change),
    });
  return { ...showing(() => true), create: (wire) => showing(showsIn()).create(wire) };
}

/** The most words in an answer of a fake, whose pieces in a text are words. */
const MOST_WORDS = 13;

/** Returns the index of the piece in the middle. */
const middleOf = (pieces: readonly string[]): number => Math.floor(pieces.length / 2);

const TOKENS = /"((?:completion|output)_?tokens)":\s?(\d+)/gi;

/** Defects of answers on their way to callers. */
export const ANSWER_MUTANTS: readonly WireMutant[] = [
  onAnswers({
    name: 'answer-of-the-call-before',
    does: 'a caller gets the answer to the call before',
    turnsRed: ['own-answers'],
    disturbs: ['answers-whole', 'one-answer', 'fallback-told'],
    needs: NEEDS,
    idle: IDLE,
    once: ({ endpoint = '' }) => endpoint,
    when: hasAnswered,
    async change(exchange, wire) {
      const before = replay(exchange, wire);
      const whole = await exchange.whole();
      return before && showsWords(before, exchange) && showsWords(whole, exchange) ? before : undefined;
    },
  }),
  onPieces('piece-lost', 'a piece in the middle of an answer is lost', 'answers-whole', (pieces) =>
    pieces.filter((_, index) => index !== middleOf(pieces)),
  ),
  onPieces(
    'first-piece-lost',
    'the first pieces of an answer are lost',
    'answers-whole',
    (pieces) => pieces.slice(3),
    endsThatShow,
  ),
  onPieces(
    'last-piece-lost',
    'the last pieces of an answer are lost',
    'answers-whole',
    (pieces) => pieces.slice(0, pieces.length > MOST_WORDS ? -3 : 3),
    endsThatShow,
  ),
  onPieces('pieces-twice', 'the pieces in the first half of an answer come twice', 'words-in-order', (pieces) => [
    ...pieces.slice(0, middleOf(pieces)),
    ...pieces,
  ]),
  onPieces(
    'pieces-in-another-order',
    'the second half of an answer comes before the first one',
    'words-in-order',
    (pieces) => [...pieces.slice(middleOf(pieces)), ...pieces.slice(0, middleOf(pieces))],
  ),
  onAnswers({
    name: 'tokens-of-another-attempt',
    does: 'a response reports more tokens than its answer has',
    turnsRed: ['one-answer'],
    needs: NEEDS,
    idle: 'no response with words of an answer reported its tokens',
    once: ({ endpoint = '' }) => endpoint,
    when: hasAnswered,
    async change(exchange) {
      const whole = await exchange.whole();
      const body = String(whole.body).replace(
        TOKENS,
        (_, name: string, tokens: string) => `"${name}":${Number(tokens) + 7}`,
      );
      return body !== String(whole.body) && showsWords(whole, exchange) ? withBody(whole, body) : undefined;
    },
  }),
  onAnswers({
    name: 'rescued-call-without-its-answer',
    does: 'a call that another attempt has rescued gets the answer to an earlier one',
    turnsRed: ['rescued-answers'],
    disturbs: ['own-answers', 'words-in-order', 'answers-whole', 'one-answer'],
    needs: 'upstreams.NAME.calls.on',
    idle: IDLE,
    once: 'each',
    when: (exchange, wire) =>
      actionIn(exchange.phase, 'rescued')?.endpoint === exchange.endpoint && hasAnswered(exchange, wire),
    change: async (exchange, wire) => {
      const before = replay(exchange, wire);
      return showsWords(await exchange.whole(), exchange) ? before : undefined;
    },
  }),
];
