import { jsonIn } from '../../../faults/base/json-in.ts';
import type { RequestReceipt } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Facts } from '../lib/checker.ts';
import type { Conversation } from './conversations.ts';
import { toolOf } from './promised.ts';

type Result = NonNullable<RequestReceipt['results']>[number];

/** What a result tells a model. */
type Meaning = 'failure' | 'success' | 'unclear';

/** Words with which services tell a model that a call has failed. */
const FAILED =
  /error|exception|fail|invalid|malformed|unknown|unexpected|unavailable|no such|not |cannot|can't|could ?n[o']t|unable|refus|reject|denied|truncat|incomplete|missing|timed? ?out|abort|"(?:ok|success)":\s*false/i;

/** Returns a function that says what the results of a tool tell the model of an endpoint. */
export function resultReader(
  history: History,
  facts: Facts,
  { endpoint, tool: name }: { readonly endpoint: string; readonly tool: string },
): (result: Result) => Meaning {
  const { failed } = toolOf(facts, name);
  const good = history
    .phases('tools act', { endpoint })
    .flatMap((phase) => history.receiptsIn(phase, phase.upstream))
    .flatMap(({ results = [] }) => results.map(({ text }) => text));
  return ({ text, isError }) => {
    if (isError) return 'failure';
    if (failed !== undefined) return new RegExp(failed).test(text) ? 'failure' : 'success';
    if (good.some((other) => isAlike(text, other))) return 'success';
    return FAILED.test(text) ? 'failure' : 'unclear';
  };
}

/** Returns what the results in a conversation tell its model, each once. */
export const meaningsIn = ({ turns }: Conversation, read: ReturnType<typeof resultReader>): ReadonlySet<Meaning> =>
  new Set(turns.flatMap(({ receipt }) => (receipt.results ?? []).map(read)));

/** The step for people if a result says neither that a call has acted nor that it has failed. */
export const unclearResult = (tool: string): string =>
  `if this tells the model of a failure, describe its words in tools.${tool}.failed`;

/** Whether a result says what a good one does, apart from numbers and IDs. It may have fewer fields. */
function isAlike(text: string, good: string): boolean {
  const [fields, known] = [fieldsOf(text), fieldsOf(good)];
  if (!fields || !known) return text === '' || plain(text) === plain(good);
  return Object.entries(fields).every(([name, value]) => known[name] === value);
}

function fieldsOf(text: string): Record<string, string> | undefined {
  const value = jsonIn(text);
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(JSON.stringify(field))]));
}

const plain = (text: string): string => text.replaceAll(/[\w-]*\d[\w-]*/g, '#');
