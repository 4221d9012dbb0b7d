import { hash } from 'node:crypto';
import type { CompletionRequest } from './completion-request.ts';
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

/**
 * Returns the text of a completion, which depends only on the seed, the model and the messages. If the request asks for
 * JSON, it is an object with `summary`, `topics` and `sentiment`, or a value that the request's schema allows. It ends
 * before the first of the request's `stop` sequences.
 */
export function composeText(seed: string, { model, messages, response_format, stop }: CompletionRequest): string {
  if (response_format?.type === 'json_schema') return JSON.stringify(sampleJson(response_format.json_schema?.schema));
  const dice = hash('sha256', JSON.stringify([seed, model, messages]), 'buffer');
  const pick = <Item>(items: readonly Item[], die: number): Item => items[(dice[die] ?? 0) % items.length] as Item;
  const summary = `${pick(SENTENCES, 0)} ${pick(SENTENCES, 1)}`;
  if (response_format?.type === 'json_object') {
    return JSON.stringify({ summary, topics: [pick(TOPICS, 2)], sentiment: pick(['positive', 'neutral'], 3) });
  }
  const ends = [stop ?? []].flat().map((sequence) => summary.indexOf(sequence));
  return summary.slice(0, Math.min(summary.length, ...ends.filter((end) => end >= 0)));
}
