import { quotesIn } from '../marks/marks.ts';
import type { AnswerNote } from '../upstream/upstream-request.ts';
import type { RequestReceipt } from './receipt.ts';

/** Maximum number of answers in a receipt. */
const MOST = 100;

/** Maximum number of bytes of a body to search. A long chat history has this many. */
const SEARCHED = 262_144;

/** Notes in a receipt which answers its request quotes. Only the beginning of a long body is searched. */
export const noteRequest = (receipt: RequestReceipt, body: Buffer | undefined): void =>
  note(receipt, { quotes: body === undefined ? [] : quotesIn(body.toString('utf8', 0, SEARCHED)) });

/** Returns the number and the function with which a responder notes in a receipt what its answer is made of. */
export const noting = (receipt: RequestReceipt) => ({
  number: receipt.seq,
  note: (made: AnswerNote): void => note(receipt, made),
});

function note(receipt: RequestReceipt, { quotes = [], ...made }: AnswerNote): void {
  Object.assign(receipt, made);
  if (quotes.length > 0) receipt.quotes = [...new Set([...(receipt.quotes ?? []), ...quotes])].slice(0, MOST);
}
