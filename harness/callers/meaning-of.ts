import type { Meaning, Wanted } from '../contract/schema/meanings.ts';
import type { RefusalAnswer } from '../contract/schema/refusal-answer.ts';

/** An answer as its caller sees it. */
interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Its body as a text. Anything else contains no JSON. */
  readonly body: unknown;
}

/** What an answer means. */
export interface Meant {
  /**
   * The status that it stands for: the one on the wire, the one that the contract's `refused` names, or `unserved` of
   * the one on the wire.
   */
  readonly status: number;
  /** The answer in words, with the condition that decided, if its status does not say it: "200 with errors". */
  readonly text?: string;
  /** The value of `retryAfter` in its body, in seconds. */
  readonly retryAfter?: number;
}

/** No HTTP status is as high, so that nothing takes it for a promised one, and every comparison for a failure. */
const NOT_SERVED = 1_000;

/** Returns the status of answers that are not served although their status on the wire can be, and mean nothing else. */
export const unserved = (status: number): number => NOT_SERVED + status;

/** Whether a status is the one of such an answer. */
export const isUnserved = (status: number): boolean => status >= NOT_SERVED;

export function statusText(status: number): string {
  if (status === 0) return 'no answer';
  return isUnserved(status) ? `${status - NOT_SERVED} that is not served` : String(status);
}

/**
 * Returns what an answer means according to an endpoint's conditions on answers. This is the only place that decides.
 *
 * The first condition that holds decides. If its status is served only under conditions, and none of them holds, it is
 * not served.
 */
export function meaningOf(meanings: readonly Meaning[], answer: Answer): Meant {
  const { status } = answer;
  const own = meanings.filter((meaning) => meaning.status === status);
  if (own.length === 0) return { status };
  const documents = documentsIn(answer.body);
  const tried = own.map((meaning) => ({ meaning, lacks: lackOf(meaning, answer, documents) }));
  const found = tried.find(({ lacks }) => lacks === undefined)?.meaning;
  if (!found) {
    const served = tried.find(({ meaning }) => meaning.means === status);
    if (!served) return { status };
    const { code } = errorIn(answer.body) ?? {};
    const also = code === undefined || served.lacks?.includes(code) ? '' : ` (code ${code})`;
    return { status: unserved(status), text: `${status} ${served.lacks}${also}` };
  }
  if (found.means === status) return { status };
  const { retryAfter = '' } = found;
  const seconds = documents.flatMap((document) => valuesAt(document, retryAfter)).map(secondsIn);
  const first = seconds.find((value) => value !== undefined);
  const text = `${status} ${describe(found, answer, documents)}`;
  return { status: found.means, text, ...(first !== undefined && { retryAfter: first }) };
}

/** Returns a number, also from a text, or undefined if it is none or negative. */
function secondsIn(value: unknown): number | undefined {
  const isNumber = typeof value === 'number' ? value >= 0 : typeof value === 'string' && /^\d+(\.\d+)?$/.test(value);
  return isNumber ? Number(value) : undefined;
}

const isWanted = (wanted: Wanted, value: unknown): boolean =>
  typeof wanted === 'object'
    ? isScalar(value) && new RegExp(wanted.pattern).test(String(value))
    : String(wanted) === String(value);

/** Returns in words why an answer is not the one that a contract promises for a refusal, or undefined if it is. */
export function lackOfRefusal(promised: NonNullable<RefusalAnswer>, answer: Answer): string | undefined {
  const documents = documentsIn(answer.body);
  const lacks = [promised].flat().map(({ type, equals, ...condition }) => {
    const sent = headerIn(answer.headers, 'content-type');
    const isType = type === undefined || String(sent).split(';')[0]?.trim().toLowerCase() === type.toLowerCase();
    if (!isType) return sent === undefined ? 'without a Content-Type' : `with the Content-Type ${shown(sent)}`;
    return lackOf({ ...condition, ...(equals !== undefined && { equals: [equals].flat() }) }, answer, documents);
  });
  return lacks.find((lack) => lack !== undefined);
}

type Condition = Pick<Meaning, 'has' | 'without' | 'header' | 'equals'>;

/** Returns in words why an answer does not meet a condition, or undefined if it does. */
function lackOf(meaning: Condition, { headers }: Answer, documents: readonly unknown[]): string | undefined {
  const { has, without, header, equals } = meaning;
  const isEqual = (value: unknown) => equals === undefined || equals.some((wanted) => isWanted(wanted, value));
  if (header !== undefined) {
    const value = headerIn(headers, header);
    if (value === undefined) return `without the header ${header}`;
    if (!isEqual(value)) return `with the header ${header} ${shown(value)}`;
  }
  if (has === undefined && without === undefined) return undefined;
  if (documents.length === 0) return 'whose body is not JSON';
  if (without !== undefined && documents.some((document) => isAt(document, without))) return `with ${without}`;
  if (has === undefined) return undefined;
  const values = documents.flatMap((document) => valuesAt(document, has));
  if (equals === undefined) return values.some(saysSomething) ? undefined : `without ${has}`;
  if (values.some(isEqual)) return undefined;
  const [value] = values.filter(isScalar);
  return value === undefined ? `without ${has}` : `with ${has} ${shown(value)}`;
}

/** Describes in words how an answer meets a condition. */
function describe(meaning: Meaning, { headers }: Answer, documents: readonly unknown[]): string {
  const { has, without, header, equals } = meaning;
  const isEqual = (value: unknown) => equals?.some((wanted) => isWanted(wanted, value));
  const value = documents.flatMap((document) => valuesAt(document, has ?? '')).find(isEqual);
  const parts = [
    ...(header === undefined ? [] : [`the header ${header} ${shown(headerIn(headers, header))}`]),
    ...(has === undefined ? [] : [value === undefined ? has : `${has} ${shown(value)}`]),
  ];
  const lacking = without === undefined ? [] : [`without ${without}`];
  return [...(parts.length === 0 ? [] : [`with ${parts.join(' and ')}`]), ...lacking].join(' and ') || 'instead';
}

/** An error that a body reports in a known form: its field and, if it has one, the field of its code and the code. */
export interface ReportedError {
  readonly field: string;
  readonly codeAt?: string;
  readonly code?: string;
}

/** The forms in which APIs report an error whatever the status is: GraphQL, JSON-RPC and others, and tools of MCP. */
const FORMS = [
  { field: 'errors', of: 'errors.*.message', codeAt: 'errors.*.extensions.code' },
  { field: 'error', of: 'error.message', codeAt: 'error.code' },
  { field: 'result.isError', of: 'result.isError', codeAt: '' },
] as const;

/** Most texts contain none of these, and k6 takes long to parse JSON. An error is short. */
const MAY_REPORT = /"(errors?|isError)"\s*:\s*(\[|\{|true)/;
const LONGEST_ERROR = 64_000;

/** Returns the error that a body reports, if it has one of the known forms. */
export function errorIn(body: unknown): ReportedError | undefined {
  if (typeof body !== 'string' || body.length > LONGEST_ERROR || !MAY_REPORT.test(body)) return undefined;
  const documents = documentsIn(body);
  const form = FORMS.find(({ of }) => documents.some((document) => isAt(document, of)));
  if (!form) return undefined;
  const { field, codeAt } = form;
  const code = documents.flatMap((document) => valuesAt(document, codeAt)).find(isScalar);
  return { field, ...(code !== undefined && { codeAt, code: shown(code) }) };
}

const MOST_SHOWN = 40;
/** Returns a value as text. Part of a longer one could be half of a secret, which would not be hidden. */
function shown(value: unknown): string {
  const text = String(value);
  return text.length > MOST_SHOWN ? `of ${text.length} characters` : text;
}

function headerIn(headers: Answer['headers'], name: string): string | undefined {
  const wanted = name.toLowerCase();
  const [, value] = Object.entries(headers).find(([header]) => header.toLowerCase() === wanted) ?? [];
  return value === undefined || typeof value === 'string' ? value : value.join(', ');
}

/** Returns the JSON documents in a body: the whole body, or each line or event of a stream that is one. */
function documentsIn(body: unknown): unknown[] {
  if (typeof body !== 'string') return [];
  const whole = documentIn(body);
  return whole.length > 0 ? whole : body.split('\n').flatMap((line) => documentIn(line.replace(/^data:/, '')));
}

/** Returns the object or list that a text contains as JSON, if it does. */
function documentIn(text: string): unknown[] {
  if (!/^\s*[[{]/.test(text)) return [];
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}

/** Returns all values at a path. A part `*` stands for each element of a list. */
function valuesAt(document: unknown, path: string): unknown[] {
  if (path === '') return [];
  const step = (values: unknown[], part: string) =>
    values.flatMap((value): unknown[] => {
      if (typeof value !== 'object' || value === null) return [];
      if (part === '*') return Object.values(value);
      return Object.hasOwn(value, part) ? [value[part as keyof typeof value]] : [];
    });
  return path.split('.').reduce(step, [document]);
}

const isAt = (document: unknown, path: string): boolean => valuesAt(document, path).some(saysSomething);

/** Whether a value counts as there. `"errors": []` and `"isError": false` don't. */
const saysSomething = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== false &&
  value !== '' &&
  !(Array.isArray(value) && value.length === 0);

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
