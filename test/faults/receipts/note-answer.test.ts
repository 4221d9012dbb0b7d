import { expect, test } from 'vitest';
import { markWord } from '../../../faults/marks/marks.ts';
import { noteRequest, noting } from '../../../faults/receipts/note-answer.ts';
import { requestReceipt } from '../../../faults/receipts/receipt.ts';
import { Receipts } from '../../../faults/receipts/receipts.ts';

const opened = () => new Receipts().open('llm', 'POST', '/v1/messages');
const bodyOf = (...answers: number[]) => Buffer.from(JSON.stringify(answers.map((answer) => markWord(answer, 2))));

test('a responder gets the number of the receipt, and what it notes is valid in it', () => {
  const receipt = opened();
  const { number, note } = noting(receipt);
  expect(number).toBe(1);
  note({ answer: { words: [8], vectors: 2 }, usage: [3, 4], model: 'm', quotes: [7] });
  expect(requestReceipt.parse(receipt)).toMatchObject({
    answer: { words: [8], vectors: 2 },
    usage: [3, 4],
    model: 'm',
    quotes: [7],
  });
});

test('quotes of the request and of the answer are noted together, each once', () => {
  const receipt = opened();
  noteRequest(receipt, bodyOf(5, 6, 5));
  noting(receipt).note({ quotes: [6, 9] });
  expect(receipt.quotes).toEqual([5, 6, 9]);
});

test('a receipt has no quotes if there are none', () => {
  const receipt = opened();
  noteRequest(receipt, Buffer.from('{"text":"generative gutibabaj"}'));
  noteRequest(receipt, undefined);
  noting(receipt).note({ quotes: [] });
  expect(receipt).not.toHaveProperty('quotes');
});

test('only the first 256 KiB of a body are searched, and at most 100 quotes are kept', () => {
  const receipt = opened();
  noteRequest(receipt, Buffer.concat([bodyOf(1), Buffer.alloc(262_144, ' '), bodyOf(2)]));
  expect(receipt.quotes).toEqual([1]);
  noteRequest(receipt, bodyOf(...Array.from({ length: 150 }, (_, answer) => answer)));
  expect(receipt.quotes).toHaveLength(100);
});
