import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { readText } from '../../base/read-text.ts';
import { Refusal } from '../../base/refusal.ts';
import { type OpenApiDocument, refOf } from './document.ts';

/** js-yaml reads GitHub's API description (10 MB) seven times faster than `yaml`. Dates remain strings. */
const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

/**
 * Reads an OpenAPI document in JSON or YAML, including referenced files.
 *
 * @throws Refusal `openapi-unreadable`, or `openapi-unsupported` if it is not OpenAPI 2.0, 3.0 or 3.1
 */
export async function readDocument(file: string): Promise<OpenApiDocument> {
  try {
    const document = parse(await readText(file));
    if (!isOpenApi(document)) {
      throw new Refusal(
        'openapi-unsupported',
        `${file} is no OpenAPI document; allowed: swagger 2.0, openapi 3.0 and 3.1`,
      );
    }
    return refersToFiles(document) ? await withOtherFiles(file) : document;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('openapi-unreadable', `${file} can't be read: ${(error as Error).message}`);
  }
}

// JSON.parse is ten times faster than a parser for YAML.
const parse = (text: string): unknown => (/^\s*\{/.test(text) ? JSON.parse(text) : load(text, { schema: SCHEMA }));

/** Whether a value is an OpenAPI document of a version that is supported. */
export const isOpenApi = (document: unknown): document is OpenApiDocument =>
  /^(2\.0|3\.[01])/.test(String(Reflect.get(Object(document), 'openapi') ?? Reflect.get(Object(document), 'swagger')));

function refersToFiles(value: unknown, seen = new Set<object>()): boolean {
  if (typeof value !== 'object' || value === null || seen.has(value)) return false;
  seen.add(value);
  const ref = refOf(value);
  return ref === undefined ? Object.values(value).some((child) => refersToFiles(child, seen)) : !ref.startsWith('#');
}

async function withOtherFiles(file: string): Promise<OpenApiDocument> {
  const { bundle } = await import('@apidevtools/json-schema-ref-parser');
  const read = ({ url }: { readonly url: string }) => readText(decodeURIComponent(url));
  return (await bundle(file, { resolve: { http: false, file: { read } } })) as OpenApiDocument;
}
