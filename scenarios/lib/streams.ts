import type { RefinedResponse, ResponseType } from 'k6/http';
import type { Stream } from '../../harness/contract/schema/stream.ts';

type Answer = Pick<RefinedResponse<ResponseType | undefined>, 'headers' | 'body'>;

/** The media types of event streams and of JSON lines. */
const TYPES: Readonly<Record<Stream['format'], RegExp>> = {
  sse: /^text\/event-stream\b/i,
  ndjson: /^application\/(x-ndjson|ndjson|jsonl|x-jsonlines|json-seq)\b/i,
};
/** The types of events that report an error: those of Anthropic's messages and of OpenAI's responses. */
const ERROR_TYPES = ['error', 'response.failed'];

const isOf = (format: Stream['format'], { headers }: Answer): boolean =>
  TYPES[format].test(headers['Content-Type'] ?? '');

/** Returns the format of a response that is a stream. */
export const formatOf = (answer: Answer): Stream['format'] | undefined =>
  isOf('sse', answer) ? 'sse' : isOf('ndjson', answer) ? 'ndjson' : undefined;

/** Whether a response is a stream of any format. */
export const isStream = (answer: Answer): boolean => formatOf(answer) !== undefined;

/** The end of a line of server-sent events, and of an event. */
const [LINE_END, EVENT_END] = [/\r\n|\n|\r/, /(?:\r\n|\n|\r(?!\n)){2}/];

/** Returns the events of a stream without comments, each with its lines. */
function eventsOf(format: Stream['format'], { body }: Answer): string[][] {
  const blocks = String(body ?? '').split(format === 'sse' ? EVENT_END : LINE_END);
  const lines = blocks.map((block) => block.split(LINE_END).filter((line) => line !== '' && !line.startsWith(':')));
  return lines.filter(({ length }) => length > 0);
}

/**
 * Whether a response is a stream with an event that reports an error: one that contains one of the given texts. By
 * default, an event with the name `error`, or JSON with the field `error` or such a `type`.
 */
export function tellsError(answer: Answer, error?: Stream['error']): boolean {
  const format = formatOf(answer);
  if (format === undefined) return false;
  const events = eventsOf(format, answer);
  if (error === undefined) return events.flat().some(isError);
  const texts = [error].flat();
  return events.some((lines) => texts.some((text) => has(lines, text)));
}

/** Whether a response is a stream in the promised format that ends as complete answers do. */
export function isComplete(answer: Answer, { format, end }: Stream): boolean {
  if (!isOf(format, answer)) return false;
  const last = eventsOf(format, answer).at(-1);
  return last !== undefined && (end === undefined || has(last, end));
}

const has = (lines: readonly string[], text: string): boolean => lines.join('\n').includes(text);

function isError(line: string): boolean {
  if (/^event: ?error$/.test(line)) return true;
  try {
    const { error, type } = Object(JSON.parse(line.replace(/^data: ?/, '')));
    return Boolean(error) || ERROR_TYPES.includes(type);
  } catch {
    return false;
  }
}
