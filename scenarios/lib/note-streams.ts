import type { RefinedResponse, ResponseType } from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import type { ScriptTags } from '../../harness/contract/tags.ts';
import { context, find } from './context.ts';
import { tagsOf } from './service.ts';
import { formatOf, isComplete, tellsError } from './streams.ts';

type Answer = RefinedResponse<ResponseType | undefined>;

/** Counts the streams that tell their caller of an error. */
const errorsInStreams = new Counter('errors_in_streams');
/** Counts the streams that end as complete answers do. */
const completeStreams = new Counter('complete_streams');
/** The time from the first to the last byte of a complete stream, in milliseconds. */
const receivingMs = new Trend('complete_stream_receiving_ms');

/** Streams that the contract does not describe: 1 if the last event is [DONE], as in many LLM APIs, otherwise 0. */
const undescribedStream = new Trend('undescribed_stream');
/** The headers of responses that show a budget. */
const budgetHeader = new Trend('budget_header');
const OF_BUDGET = /(?:^|-)(?:budget|spend|spent|credits?)(?:-|$)/i;

/**
 * Notes that an endpoint's answer is a stream although the contract does not say so. If it has conditions on the body,
 * the stream is a form of a single answer, as in MCP. Notes as well which headers show a budget.
 */
export function noteUndescribed(endpoint: string, answer: Answer, tags: ScriptTags): void {
  for (const name of Object.keys(answer.headers).filter((header) => OF_BUDGET.test(header)))
    budgetHeader.add(1, { ...tagsOf(tags), endpoint, about: name.toLowerCase() });
  const format = formatOf(answer);
  const { stream, meanings } = find(context.endpoints, endpoint);
  if (format === undefined || stream || meanings) return;
  undescribedStream.add(isComplete(answer, { format, end: '[DONE]' }) ? 1 : 0, { ...tagsOf(tags), format });
}

/** Notes whether an endpoint's response is a stream that reports an error. */
export function noteError(endpoint: string, answer: Answer, tags: ScriptTags): void {
  const { stream } = find(context.endpoints, endpoint);
  if (tellsError(answer, stream?.error)) errorsInStreams.add(1, tagsOf(tags));
}

/** Notes whether an endpoint's answer is a complete stream, if the contract promises one. */
export function noteComplete(endpoint: string, answer: Answer, tags: ScriptTags): void {
  const { stream } = find(context.endpoints, endpoint);
  if (!stream || !isComplete(answer, stream)) return;
  completeStreams.add(1, tagsOf(tags));
  receivingMs.add(answer.timings.receiving, tagsOf(tags));
}
