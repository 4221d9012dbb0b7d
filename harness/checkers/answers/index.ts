import type { BuiltInChecker } from '../lib/checker.ts';
import type { Family } from '../lib/family.ts';
import { answersCompared } from './answers-compared.ts';
import { answersWhole } from './answers-whole.ts';
import { CACHE_MUTANTS } from './cache-mutants.ts';
import { cachedAnswersApart, cachedAnswersEnd, failuresNotCached } from './cached-answers.ts';
import { ledgerKeepsAnswer } from './ledger-keeps-answer.ts';
import { ANSWER_MUTANTS } from './mutants.ts';
import { oneAnswer } from './one-answer.ts';
import { ownAnswers } from './own-answers.ts';
import { piecesRead } from './pieces-read.ts';
import { rescuedAnswers } from './rescued-answers.ts';
import { sameQuestionApart } from './same-question-apart.ts';
import { slowReadersGetAll } from './slow-readers-get-all.ts';
import { wordsInOrder } from './words-in-order.ts';

/** The checkers that apply to every scenario, because they judge all responses. */
export const OF_ALL_RESPONSES: readonly BuiltInChecker[] = [ownAnswers, wordsInOrder, answersWhole, oneAnswer];

/** The checkers that judge what callers get of the answers of upstreams. */
export const ANSWERS: Family = {
  title: 'Answers',
  checkers: [
    ...OF_ALL_RESPONSES,
    answersCompared,
    piecesRead,
    slowReadersGetAll,
    sameQuestionApart,
    cachedAnswersApart,
    failuresNotCached,
    cachedAnswersEnd,
    ledgerKeepsAnswer,
    rescuedAnswers,
  ],
  mutants: [...ANSWER_MUTANTS, ...CACHE_MUTANTS],
};
