import { sample } from 'openapi-sampler';
import { jsonIn } from '../../base/json-in.ts';
import type { MarkedAnswer } from '../../marks/marked-answer.ts';
import { Unserved } from '../../upstream/unserved.ts';
import { type MediaType, type OpenApiDocument, type Operation, type ResponseObject, resolveRef } from './document.ts';
import { FreeTexts } from './free-texts.ts';
import { limitReads, TooManyReads } from './limited-reads.ts';
import { concreteType, isJson, JSON_TYPE } from './media-type.ts';

/** The possible response bodies for one media type. */
export interface Content {
  readonly type: string;
  /** The number of bodies, which is at least 1. */
  readonly count: number;
  /**
   * Returns a body: an example from the document, or a sample generated from the schema. It is created on first use.
   * With `marked`, the texts that a service can't rely on are those of this answer: see `FreeTexts`.
   *
   * @throws Unserved 502 if the sample would be too large
   */
  text(index: number, marked?: MarkedAnswer): string;
}

/** Returns a response's possible contents, JSON first. The list is empty if the response has no body. */
export function contentsOf(
  document: OpenApiDocument,
  { produces = document.produces ?? [JSON_TYPE] }: Operation,
  { content, schema, examples = {} }: ResponseObject,
): Content[] {
  const inVersion2 = new Set([...Object.keys(examples), ...(schema === undefined ? [] : produces)]);
  const media =
    content ?? Object.fromEntries([...inVersion2].map((type) => [type, { schema, example: examples[type] }]));
  const contents = Object.entries(media).map(([type, description]) => contentOf(document, type, description));
  return contents.toSorted((a, b) => Number(isJson(b.type)) - Number(isJson(a.type)));
}

function contentOf(document: OpenApiDocument, documented: string, media: MediaType): Content {
  const type = concreteType(documented);
  const examples = examplesOf(document, media);
  const free = new FreeTexts();
  const made: (string | Unserved)[] = [];
  return {
    type,
    count: Math.max(1, examples.length),
    text(index, marked) {
      made[index] ??= attempt(() => {
        const value = index in examples ? examples[index] : sampleOf(document, media.schema, type, free);
        return textOf(type, free.withoutSentences(value));
      });
      if (made[index] instanceof Unserved) throw made[index];
      return free.fill(made[index], marked);
    },
  };
}

function examplesOf(document: OpenApiDocument, { example, examples = {} }: MediaType): unknown[] {
  if (example !== undefined) return [example];
  const values = Object.values(examples).map((described) =>
    Reflect.get(Object(resolveRef(document, described)), 'value'),
  );
  return values.filter((value) => value !== undefined);
}

function attempt<Result>(make: () => Result): Result | Unserved {
  try {
    return make();
  } catch (error) {
    if (error instanceof Unserved) return error;
    throw error;
  }
}

/** Maximum number of schema fields to read for a sample. Reading them takes less than a second. */
const MOST_READS = 500_000;

/**
 * Returns a sample for a schema, or undefined if there is none. The same schema always gives the same sample. A sample
 * that would be too large has only the required properties.
 *
 * @param free Takes the strings that the schema leaves free out of the sample.
 * @throws Unserved 502 if it is still too large
 */
export function sampleOf(document: OpenApiDocument, schema: unknown, type = JSON_TYPE, free?: FreeTexts): unknown {
  if (schema === undefined) return undefined;
  const value =
    limitedSample(document, schema, { type, free, skipNonRequired: false }) ??
    limitedSample(document, schema, { type, free, skipNonRequired: true });
  if (value === undefined) {
    throw new Unserved(502, "a sample of the response's schema would be too large; add an example to the document");
  }
  return type.startsWith('text/event-stream') ? `data: ${textOf(JSON_TYPE, value)}\n\n` : value;
}

interface Sampling {
  readonly type: string;
  readonly free: FreeTexts | undefined;
  readonly skipNonRequired: boolean;
}

/** The longest string of a sample that a schema may require, in characters. */
const MOST_CHARACTERS = 1_000_000;

/** Returns a sample, or undefined if it needs too many reads, or has a string that is too long. */
function limitedSample(document: OpenApiDocument, schema: unknown, { type, free, skipNonRequired }: Sampling): unknown {
  const { limit, end } = limitReads(MOST_READS, (target, field) => {
    if (typeof field !== 'string') return undefined;
    const least = Reflect.get(target, 'minLength');
    if (typeof least === 'number' && least > MOST_CHARACTERS)
      throw new TooManyReads(`a string has at least ${least} characters`);
    return free?.read(target, field);
  });
  const format = /[/+]xml\b/.test(type) ? 'xml' : 'json';
  const options = { skipWriteOnly: true, skipNonRequired, quiet: true, enablePatterns: true, format } as const;
  try {
    const value: unknown = sample(limit(schema) as object, options, limit(document));
    end();
    return value ?? null;
  } catch (error) {
    if (error instanceof TooManyReads) return undefined;
    throw error;
  }
}

function textOf(type: string, value: unknown): string {
  if (typeof value === 'string' && (!isJson(type) || isTextOfObject(value))) return value;
  return value === undefined && !isJson(type) ? '' : JSON.stringify(value ?? {});
}

/** Some documents contain an object's example as JSON text. */
const isTextOfObject = (text: string): boolean => /^\s*[[{]/.test(text) && jsonIn(text) !== undefined;
