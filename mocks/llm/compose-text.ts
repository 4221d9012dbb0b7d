import { hash } from 'node:crypto';
import type { Question } from './question.ts';
import { sampleJson } from './sample-json.ts';

const SENTENCES = [
  'The conversation was friendly and stayed on topic.',
  'The user mentioned a walk in the park with their family.',
  'They would like to cook more often at home.',
  'Music came up twice, and both times with joy.',
  'There is an interest in short outdoor activities.',
  'The user sleeps better after a quiet evening.',
  'A plan for the weekend was made.',
  'They asked for something calm and not too long.',
];
const TOPICS = ['family', 'outdoors', 'cooking', 'music', 'rest', 'weekend'];

/** A text, and the stop sequence that ended it, if any. */
export interface Composed {
  readonly text: string;
  readonly stoppedBy?: string;
}

/**
 * Returns the text of a reply, which depends only on the seed, the prompt and the choice number. If the request asks
 * for JSON, the text is an object with `summary`, `topics` and `sentiment`, or a value that conforms to the schema in
 * the request. The text ends before the first of the request's `stop` sequences.
 */
export function composeText(seed: string, { prompt, format, stop }: Question, choice: number): Composed {
  if (format.type === 'json_schema') return { text: JSON.stringify(sampleJson(format.schema)) };
  const dice = hash('sha256', JSON.stringify([seed, prompt, choice]), 'buffer');
  const pick = <Item>(items: readonly Item[], die: number): Item => items[(dice[die] ?? 0) % items.length] as Item;
  const summary = `${pick(SENTENCES, 0)} ${pick(SENTENCES, 1)}`;
  if (format.type === 'json_object') {
    const sentiment = pick(['positive', 'neutral'], 3);
    return { text: JSON.stringify({ summary, topics: [pick(TOPICS, 2)], sentiment }) };
  }
  let composed: Composed = { text: summary };
  for (const sequence of stop) {
    const end = composed.text.indexOf(sequence);
    if (end >= 0) composed = { text: composed.text.slice(0, end), stoppedBy: sequence };
  }
  return composed;
}
