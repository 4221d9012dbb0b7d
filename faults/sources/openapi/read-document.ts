import { readFile } from 'node:fs/promises';
import { Refusal } from '../../base/refusal.ts';
import { type OpenApiDocument, refOf } from './document.ts';
import { parseYaml } from './lazy-yaml.ts';

/**
 * Reads an OpenAPI document in JSON or YAML, including referenced files. Large parts of a YAML document are parsed when
 * they are first read. If such a part is not valid, reading it throws a Refusal as well.
 *
 * @throws Refusal `openapi-unreadable`, or `openapi-unsupported` if it is not OpenAPI 2.0, 3.0 or 3.1
 */
export async function readDocument(file: string): Promise<OpenApiDocument> {
  try {
    const text = await readFile(file, 'utf8');
    const document = parse(text, file);
    if (!isOpenApi(document)) {
      throw new Refusal(
        'openapi-unsupported',
        `${file} is no OpenAPI document; allowed: swagger 2.0, openapi 3.0 and 3.1`,
      );
    }
    return MAY_REFER_TO_FILES.test(text) && refersToFiles(document) ? await withOtherFiles(file) : document;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw unreadable(file, error);
  }
}

// JSON.parse is ten times faster than a parser for YAML.
const parse = (text: string, file: string): unknown =>
  /^\s*\{/.test(text) ? JSON.parse(text) : parseYaml(text, (error) => unreadable(file, error));

const unreadable = (file: string, error: unknown): Refusal =>
  new Refusal('openapi-unreadable', `${file} can't be read: ${(error as Error).message}`);

/** Whether a value is an OpenAPI document of a version that is supported. */
export const isOpenApi = (document: unknown): document is OpenApiDocument =>
  /^(2\.0|3\.[01])/.test(String(Reflect.get(Object(document), 'openapi') ?? Reflect.get(Object(document), 'swagger')));

/** Matches documents that may refer to other files. It avoids visiting every value in most large documents. */
const MAY_REFER_TO_FILES = /\$ref['"]?\s*:\s*['"]?[^#'"\s]/;

function refersToFiles(value: unknown, seen = new Set<object>()): boolean {
  if (typeof value !== 'object' || value === null || seen.has(value)) return false;
  seen.add(value);
  const ref = refOf(value);
  return ref === undefined ? Object.values(value).some((child) => refersToFiles(child, seen)) : !ref.startsWith('#');
}

async function withOtherFiles(file: string): Promise<OpenApiDocument> {
  const { bundle } = await import('@apidevtools/json-schema-ref-parser');
  return (await bundle(file, { resolve: { http: false } })) as OpenApiDocument;
}
