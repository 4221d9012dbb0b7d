import type { RefinedResponse, ResponseType } from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { errorIn, isUnserved, meaningOf } from '../../harness/callers/meaning-of.ts';
import type { ScriptContext } from '../../harness/contract/script-context.ts';
import type { Tags } from '../../harness/contract/tags.ts';
import { remembered } from './remembered.ts';
import { withMetadata } from './trace.ts';

type Answer = RefinedResponse<ResponseType | undefined>;
type Endpoint = ScriptContext['endpoints'][string];

/** The status for which each response stands, of endpoints with conditions on the body. Joined by the trace's ID. */
const answerMeaning = new Trend('answer_meaning');
/** Errors in bodies of responses for which the contract has no word: it takes them for served, or for any error. */
const errorInAnswer = new Counter('error_in_answer');

/** Returns the tag of an endpoint's requests if they get a sample of the metric. */
export const decidedBy = ({ meanings }: Endpoint): Tags => (meanings ? { decides: 'the body' } : {});

/**
 * Records what a response means, and returns it with the status for which it stands, and with the Retry-After that its
 * body has.
 *
 * @param tags The tags of the request.
 */
export function readMeaning(
  answer: Answer,
  { meanings, served, stream }: Endpoint,
  tags: Tags,
  traceId: string,
): Answer {
  const onTheWire = answer.status;
  if (meanings) decide(answer, meanings, tags, traceId);
  else if (isRedirect(onTheWire) && !served.includes(onTheWire)) noteRedirect(answer, tags, traceId);
  const isPlain = answer.status === onTheWire && !meanings?.some(({ status }) => status === onTheWire);
  if (!stream && (isUnserved(answer.status) || (isPlain && onTheWire < 300 && served.includes(onTheWire))))
    noteError(answer.body, { ...tags, wire: String(onTheWire) });
  return answer;
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

/**
 * Records where a redirect leads, which is not followed. What differs between calls, such as a query, is left out.
 */
function noteRedirect({ status, headers }: Answer, { endpoint }: Tags, traceId: string): void {
  const [place = ''] = (headers.Location ?? '').split(/[?#]/);
  const words = `redirect to ${place.replace(/\/\/[^/]*@/, '//').slice(0, 100)}, not followed`;
  const tags: Tags = { wire: String(status), words, ...(endpoint && { endpoint }) };
  withMetadata({ trace_id: traceId }, () => answerMeaning.add(status, tags));
}

function decide(
  answer: Answer,
  meanings: NonNullable<Endpoint['meanings']>,
  { endpoint }: Tags,
  traceId: string,
): void {
  const { status, text: words, retryAfter } = meaningOf(meanings, answer);
  const tags: Tags = { wire: String(answer.status), ...(endpoint && { endpoint }), ...(words && { words }) };
  withMetadata({ trace_id: traceId }, () => answerMeaning.add(status, tags));
  answer.status = status;
  if (retryAfter !== undefined) answer.headers['Retry-After'] ??= String(retryAfter);
}

const errorOf = remembered((body, _endpoint: string) => errorIn(body));

function noteError(body: unknown, tags: Tags): void {
  const found = typeof body === 'string' ? errorOf(body, tags.endpoint ?? '') : undefined;
  if (!found) return;
  const { field, codeAt, code } = found;
  errorInAnswer.add(1, {
    ...tags,
    errorField: field,
    ...(codeAt !== undefined && code !== undefined && { errorCodeAt: codeAt, errorCode: code }),
  });
}
