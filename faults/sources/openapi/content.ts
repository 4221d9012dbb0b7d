import { sample } from 'openapi-sampler';
import { jsonIn } from '../../base/json-in.ts';
import { type MediaType, type OpenApiDocument, type Operation, type ResponseObject, resolveRef } from './document.ts';
import { concreteType, isJson, JSON_TYPE } from './media-type.ts';

/** The possible response bodies for one media type. */
export interface Content {
  readonly type: string;
  /** The number of bodies, which is at least 1. */
  readonly count: number;
  /**
   * Returns a body: an example from the document, or a sample generated from the schema. It is created on first use.
   */
  text(index: number): string;
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
  const made: string[] = [];
  return {
    type,
    count: Math.max(1, examples.length),
    text(index) {
      made[index] ??= textOf(type, index in examples ? examples[index] : sampleOf(document, media.schema, type));
      return made[index];
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

/** Returns a sample for a schema, or undefined if there is no sample. The same schema always gives the same sample. */
export function sampleOf(document: OpenApiDocument, schema: unknown, type = JSON_TYPE): unknown {
  if (schema === undefined) return undefined;
  const format = /[/+]xml\b/.test(type) ? 'xml' : 'json';
  const value = sample(schema as object, { skipWriteOnly: true, quiet: true, enablePatterns: true, format }, document);
  return type.startsWith('text/event-stream') ? `data: ${textOf(JSON_TYPE, value)}\n\n` : value;
}

function textOf(type: string, value: unknown): string {
  if (typeof value === 'string' && (!isJson(type) || isTextOfObject(value))) return value;
  return value === undefined && !isJson(type) ? '' : JSON.stringify(value ?? {});
}

/** Some documents contain an object's example as JSON text. */
const isTextOfObject = (text: string): boolean => /^\s*[[{]/.test(text) && jsonIn(text) !== undefined;
