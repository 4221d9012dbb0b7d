import { expect, test } from 'vitest';
import { suggestedAnswers } from '../../../../harness/checkers/answers/suggested.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { answered, factsWith, got, oneByOne, unique, WORDS } from './answers.ts';

const suggested = (events: readonly HistoryEvent[], facts = factsWith()) =>
  suggestedAnswers(new History(events), facts);

test('a line says how answers show', () => {
  expect(suggested(oneByOne('1:0-9', '2:0-9'))).toEqual([
    'ask shows a whole answer in answer. To require it: endpoints.ask.answers: { as: whole }',
  ]);
  expect(suggested(oneByOne('1:0-5', '2:0-9'))).toEqual([
    'ask shows a part of an answer in answer. To require it: endpoints.ask.answers: { as: part }',
  ]);
  const two = answered(1, 5, { unique: [unique(1)], answer: { words: [WORDS, WORDS] } });
  expect(suggested([two, got(0, { 'data.title': '1.1:0-9' }, { unique: unique(1) })])).toEqual([
    'ask shows a whole field of an answer in data.title. To require it: endpoints.ask.answers: { as: field }',
  ]);
});

test('an endpoint that shows nothing is named, and a promised one is not', () => {
  const { answer: _, ...call } = got(0, '');
  const [line, ...others] = suggested([answered(1, 5), call]);
  expect([line, others]).toEqual([expect.stringMatching(/^not judged: ask shows no word of an answer/), []]);
  expect(suggested(oneByOne('1:0-9'), factsWith({ answers: { as: 'whole' } }))).toEqual([]);
});
