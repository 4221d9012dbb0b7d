import { MarkedAnswer } from '../../marks/marked-answer.ts';
import type { UpstreamRequest } from '../../upstream/upstream-request.ts';

/** What a handler writes into a response in place of a text that consists of the answer's mark words. */
const PLACEHOLDER = '{{proofload.text}}';
const PAUSES = Buffer.from('proofload');
const TEXT = /^(?:text\/|application\/(?:[\w.+-]*(?:json|xml)|x-ndjson)\b)/;

/**
 * Returns a handler's response with texts in place of its placeholders, and notes them in the receipt. A stream isn't
 * delayed. Responses that are compressed, or are neither text nor JSON, stay as they are.
 */
export async function withMarks(response: Response, { number, note }: UpstreamRequest): Promise<Response> {
  const { status, headers, body } = response;
  if (number === undefined || !body || headers.has('content-encoding') || !TEXT.test(headers.get('content-type') ?? ''))
    return response;
  const marked = new MarkedAnswer(number, PAUSES);
  const fill = (text: string): string => {
    if (!text.includes(PLACEHOLDER)) return text;
    const filled = text.replaceAll(PLACEHOLDER, () => marked.text({ isLong: true }) ?? PLACEHOLDER);
    note?.({ answer: marked.made });
    return filled;
  };
  if (!headers.has('content-length')) return new Response(body.pipeThrough(filling(fill)), { status, headers });

  const bytes = Buffer.from(await response.arrayBuffer());
  if (!bytes.includes(PLACEHOLDER)) return new Response(bytes, { status, headers });
  const filled = Buffer.from(fill(bytes.toString()));
  headers.set('content-length', String(filled.byteLength));
  return new Response(filled, { status, headers });
}

/** Returns a stream that fills texts, and holds back only what may be the beginning of a placeholder. */
function filling(fill: (text: string) => string): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let held = '';
  return new TransformStream({
    transform(chunk, controller) {
      const text = held + decoder.decode(chunk, { stream: true });
      held = BEGINNINGS.find((beginning) => text.endsWith(beginning)) ?? '';
      const ready = text.slice(0, text.length - held.length);
      if (ready !== '') controller.enqueue(encoder.encode(fill(ready)));
    },
    flush(controller) {
      const rest = held + decoder.decode();
      if (rest !== '') controller.enqueue(encoder.encode(rest));
    },
  });
}

/** Every incomplete placeholder, the longest first. */
const BEGINNINGS = Array.from(PLACEHOLDER, (_, index) => PLACEHOLDER.slice(0, index))
  .reverse()
  .filter(Boolean);
