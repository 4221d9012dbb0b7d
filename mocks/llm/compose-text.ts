import type { MarkedAnswer } from '../../faults/marks/marked-answer.ts';
import type { Question } from './question.ts';
import { sampleJson } from './sample-json.ts';

/** A text, and the stop sequence that ended it, if any. */
export interface Composed {
  readonly text: string;
  readonly stoppedBy?: string;
}

/**
 * Returns the text of a reply, which consists of the answer's mark words. If the request asks for JSON, the text is an
 * object with `topics`, `sentiment` and `summary`, or a value that conforms to the schema in the request. The text ends
 * before the first of the request's `stop` sequences.
 */
export function composeText(marked: MarkedAnswer, { format, stop }: Question): Composed {
  if (format.type === 'json_schema') return { text: JSON.stringify(sampleJson(format.schema, marked)) };
  const summary = marked.text({ isLong: true }) ?? '';
  if (format.type === 'json_object') {
    // The last piece of a stream has a part of the summary.
    return { text: JSON.stringify({ topics: [marked.text({ isLong: false })], sentiment: 'positive', summary }) };
  }
  let composed: Composed = { text: summary };
  for (const sequence of stop) {
    const end = composed.text.indexOf(sequence);
    if (end >= 0) composed = { text: composed.text.slice(0, end), stoppedBy: sequence };
  }
  return composed;
}
