import type { RefinedResponse, ResponseType } from 'k6/http';

/** The media types of event streams and of JSON lines. */
const STREAM = /^(text\/event-stream|application\/(x-ndjson|ndjson|jsonl|x-jsonlines|json-seq))\b/i;
/** The types of events that report an error: those of Anthropic's messages and of OpenAI's responses. */
const TYPES = ['error', 'response.failed'];

/**
 * Whether a response is a stream with an event that reports an error: an event with the name `error`, or JSON with the
 * field `error` or such a `type`.
 */
export function tellsError({ headers, body }: RefinedResponse<ResponseType | undefined>): boolean {
  if (!STREAM.test(headers['Content-Type'] ?? '')) return false;
  return String(body).split(/\r?\n/).some(isError);
}

function isError(line: string): boolean {
  if (/^event: ?error$/.test(line)) return true;
  try {
    const { error, type } = Object(JSON.parse(line.replace(/^data: ?/, '')));
    return Boolean(error) || TYPES.includes(type);
  } catch {
    return false;
  }
}
