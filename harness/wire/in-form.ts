import { jsonIn } from '../../faults/base/json-in.ts';
import { isUnserved, meaningOf } from '../callers/meaning-of.ts';
import type { Meaning } from '../contract/schema/meanings.ts';
import { type WireAnswer, withBody } from './exchange.ts';

const RETRY_AFTER = 'Retry-After';
const isRetryAfter = ([name]: WireAnswer['headers'][number]): boolean => name.toLowerCase() === 'retry-after';

const meaningIn = (meanings: readonly Meaning[], { status, headers, body }: WireAnswer) =>
  meaningOf(meanings, { status, headers: Object.fromEntries(headers), body: body.toString() });

/**
 * Returns an answer of the service with the status for which it stands, and with a Retry-After that its body has as a
 * header. Mutants see all answers in this form, so that none has to know in which one a service refuses.
 */
export function asMeant(answer: WireAnswer, meanings: readonly Meaning[] | undefined): WireAnswer {
  if (!meanings) return answer;
  const { status, retryAfter } = meaningIn(meanings, answer);
  const isAdded = retryAfter !== undefined && !answer.headers.some(isRetryAfter);
  return { ...answer, status, headers: [...answer.headers, ...(isAdded ? [added(retryAfter)] : [])] };
}

const added = (seconds: number): WireAnswer['headers'][number] => [RETRY_AFTER, String(seconds)];

/** Returns an answer that `asMeant` has returned, or that a mutant has made up, in the form in which the service answers. */
export function inForm(answer: WireAnswer, meanings: readonly Meaning[] | undefined): WireAnswer {
  if (!meanings) return answer;
  const { status } = answer;
  const meaning = meanings.find(({ means }) => means === status);
  if (!meaning || meaning.status === status)
    return isUnserved(status) ? { ...answer, status: onTheWire(status) } : answer;
  const own = { ...answer, status: meaning.status };
  const isKept = meaningIn(meanings, own).status === status;
  return withRetryAfter(isKept ? own : madeUpFor(own, meaning), meaning);
}

const onTheWire = (status: number): number => status % 1_000;

/** Returns an answer that meets a condition. */
function madeUpFor(answer: WireAnswer, { has, header, equals: [value = 'made up'] = [] }: Meaning): WireAnswer {
  const body = JSON.stringify(has === undefined ? {} : placed({}, has.split('.'), value));
  const { headers, ...rest } = withBody(answer, body);
  return { ...rest, headers: header === undefined ? headers : [...headers, [header, String(value)]] };
}

/** Moves Retry-After into the body if the service writes it there. */
function withRetryAfter(answer: WireAnswer, { retryAfter }: Meaning): WireAnswer {
  if (retryAfter === undefined) return answer;
  const document = jsonIn(answer.body.toString());
  if (document === undefined) return answer;
  const [, seconds] = answer.headers.find(isRetryAfter) ?? [];
  const rest = { ...answer, headers: answer.headers.filter((header) => !isRetryAfter(header)) };
  return withBody(rest, JSON.stringify(placed(document, retryAfter.split('.'), seconds && Number(seconds))));
}

/** Returns a JSON document with a value at a path. `undefined` removes it. */
function placed(document: unknown, [part, ...rest]: readonly string[], value: unknown): unknown {
  if (part === undefined) return value;
  if (part === '*' || /^\d+$/.test(part)) {
    const list = Array.isArray(document) ? document : [];
    const index = part === '*' ? 0 : Number(part);
    return Object.assign([...list], { [index]: placed(list[index], rest, value) });
  }
  const own = typeof document === 'object' && document !== null && !Array.isArray(document) ? document : {};
  return { ...own, [part]: placed(own[part as keyof typeof own], rest, value) };
}
