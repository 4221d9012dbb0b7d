import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { jsonIn } from '../../faults/base/json-in.ts';
import { ANSWERS, MEANINGS, type RequestSample, type ShownAnswer } from '../history/events.ts';

/** A line of k6's JSON output, reduced to the fields that are used here. */
export interface Point {
  type: string;
  metric: string;
  data: { time: string; value: number; tags?: Record<string, string>; metadata?: Record<string, string> };
}

/** What a response means: the status for which it stands. */
type Meaning = Pick<RequestSample, 'status' | 'words'>;

/**
 * Reads what the script found in responses, which comes after their requests and has the trace that the request began:
 * what a response shows, and what it means. Returns a function that adds it to a request.
 */
export async function readAnswers(path: string): Promise<(request: RequestSample) => RequestSample> {
  const shown = new Map<string, ShownAnswer>();
  const meant = new Map<string, Meaning>();
  for await (const line of createInterface({ input: createReadStream(path) })) {
    // Only these lines are parsed twice.
    if (!line.includes(`"${ANSWERS}"`) && !line.includes(`"${MEANINGS}"`)) continue;
    const point = jsonIn(line) as Point | undefined;
    if (point?.type !== 'Point') continue;
    const { value: status, tags = {}, metadata = {} } = point.data;
    const { trace_id: trace = '', answer = '' } = metadata;
    const { words } = tags;
    if (point.metric === MEANINGS) {
      meant.set(keyOf(trace, tags.wire), { status, ...(words !== undefined && { words }) });
    }
    const found = point.metric === ANSWERS ? jsonIn(answer) : undefined;
    if (found !== undefined) shown.set(trace, found as ShownAnswer);
  }
  return (request) => withAnswer(withMeaning(request, meant), shown);
}

/** A redirect that was followed has the same trace as the response after it, but another status. */
const keyOf = (trace: string, status: string | number | undefined): string => `${trace} ${status}`;

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

/**
 * Sets the status for which a request's response stands, if the script decides that. A response that it has not read
 * proves nothing.
 */
function withMeaning(request: RequestSample, meant: Map<string, Meaning>): RequestSample {
  const { trace = '', status, tags } = request;
  const meaning = tags.decides === undefined && !isRedirect(status) ? undefined : meant.get(keyOf(trace, status));
  if (meaning) return { ...request, ...meaning };
  if (tags.decides === undefined) return request;
  if (status === 0 || isRedirect(status)) return request;
  return { ...request, status: 0, tags: { ...tags, error: 'the script did not read the response', error_code: '' } };
}

/** Adds what a request's response shows. */
function withAnswer(request: RequestSample, shown: Map<string, ShownAnswer>): RequestSample {
  const { trace = '', status } = request;
  const answer = isRedirect(status) ? undefined : shown.get(trace);
  if (answer === undefined) return request;
  shown.delete(trace);
  return { ...request, answer };
}
