import { quotesIn } from '../marks/marks.ts';
import { textsIn } from '../marks/texts-in.ts';
import { toolsInRequest } from '../tools/tools-in-request.ts';
import type { AnswerNote } from '../upstream/upstream-request.ts';
import type { RequestReceipt } from './receipt.ts';

/** Maximum number of answers in a receipt. */
const MOST = 100;

/** Maximum number of bytes of a body to search. A long chat history has this many. */
const SEARCHED = 262_144;

/** Notes in a receipt which answers its request quotes, and which tools it offers and has results of. For quotes, only the beginning of a long body is searched. */
export function noteRequest(receipt: RequestReceipt, body: Buffer | undefined): void {
  note(receipt, { quotes: body === undefined ? [] : quotesIn(body.toString('utf8', 0, SEARCHED)) });
  const { offers, results } = toolsInRequest(body);
  if (offers.length > 0) receipt.offers = offers;
  if (results.length > 0) receipt.results = results;
}

/** Returns the number and the function with which a responder notes in a receipt what its answer is made of. */
export const noting = (receipt: RequestReceipt) => ({
  number: receipt.seq,
  note: (made: AnswerNote): void => note(receipt, made),
});

/** The characters of a token, as fakes of LLMs split their texts. */
const TOKEN = 4;

/** Where events have the pieces of what a model generates, in the APIs of LLM providers. */
const GENERATED = /^delta$|\bdelta\b.*\.(?:content|text|arguments|partial_json|thinking)$|^choices\[\]\.text$/;

/** Notes in the receipt of a stream that ended early that it was charged for the tokens in the events that were sent. */
export function noteSent(receipt: RequestReceipt, chunks: readonly Uint8Array[]): void {
  const [input] = receipt.usage ?? [];
  if (input === undefined) return;
  const { byPath } = textsIn(Buffer.concat(chunks).toString(), 'text/event-stream');
  const texts = [...byPath].filter(([path]) => GENERATED.test(path.replace(/#.*/, '')));
  receipt.usage = [input, texts.reduce((sum, [, text]) => sum + Math.ceil(text.length / TOKEN), 0)];
}

function note(receipt: RequestReceipt, { quotes = [], ...made }: AnswerNote): void {
  Object.assign(receipt, made);
  if (quotes.length > 0) receipt.quotes = [...new Set([...(receipt.quotes ?? []), ...quotes])].slice(0, MOST);
}
