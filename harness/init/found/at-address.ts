import type { OpenApiDocument } from '../../../faults/sources/openapi/document.ts';
import { isOpenApi } from '../../../faults/sources/openapi/read-document.ts';
import { answersInDocument } from './in-document.ts';
import { firstOf, type Source } from './source.ts';

/** Paths at which frameworks serve an OpenAPI document: FastAPI, Fastify, NestJS, Spring. */
const PATHS = ['openapi.json', 'documentation/json', 'api-json', 'docs-json', 'v3/api-docs', 'swagger.json'];
const TIMEOUT_MS = 2_000;

/** Returns a source for the answers in the OpenAPI document that a running service serves, if it serves one. */
export async function answersAt(address: string): Promise<Source> {
  const urls = PATHS.map((path) => new URL(path, address.replace(/\/*$/, '/')).href);
  const documents = await Promise.all(urls.map(documentAt));
  return firstOf(
    urls.flatMap((url, index) => {
      const document = documents[index];
      return document ? [answersInDocument(document, url)] : [];
    }),
  );
}

async function documentAt(url: string): Promise<OpenApiDocument | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const document: unknown = response.ok ? await response.json() : undefined;
    return isOpenApi(document) ? document : undefined;
  } catch {
    return undefined;
  }
}
