import { wholeBody } from '../../../faults/base/whole-body.ts';
import type { OpenApiDocument } from '../../../faults/sources/openapi/document.ts';
import { isOpenApi } from '../../../faults/sources/openapi/read-document.ts';
import { answersInDocument } from './in-document.ts';
import { firstOf, type Source, sourceOf } from './source.ts';

/** Paths at which frameworks serve an OpenAPI document: FastAPI, Fastify, NestJS, Spring. */
const PATHS = ['openapi.json', 'documentation/json', 'api-json', 'docs-json', 'v3/api-docs', 'swagger.json'];
const TIMEOUT_MS = 2_000;

/** Paths at which services report readiness, the usual paths first. */
const READY_PATHS = ['/health', '/healthz', '/ready', '/readyz', '/livez', '/ping', '/api/health', '/status'];

/**
 * Returns a source for the answers in the OpenAPI document that a running service serves, if it serves one. It also
 * finds the path that reports readiness.
 */
export async function answersAt(address: string): Promise<Source> {
  const base = address.replace(/\/*$/, '/');
  const urls = PATHS.map((path) => new URL(path, base).href);
  const [documents, ready] = await Promise.all([Promise.all(urls.map(documentAt)), readyPathAt(base)]);
  const described = urls.flatMap((url, index) => {
    const document = documents[index];
    return document ? [answersInDocument(document, url)] : [];
  });
  return firstOf([...described, sourceOf(ready === undefined ? {} : { readyPath: { answer: ready, from: address } })]);
}

/** Returns the first of the usual paths that responds with 2xx. */
async function readyPathAt(base: string): Promise<string | undefined> {
  const isReady = await Promise.all(
    READY_PATHS.map(async (path) => {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const answer = await fetch(new URL(path, base), { signal, redirect: 'manual' }).catch(() => undefined);
      await answer?.body?.cancel();
      return answer?.ok;
    }),
  );
  return READY_PATHS.find((_, index) => isReady[index]);
}

async function documentAt(url: string): Promise<OpenApiDocument | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const document: unknown = response.ok && JSON.parse((await wholeBody(response.body)).toString());
    return isOpenApi(document) ? document : undefined;
  } catch {
    return undefined;
  }
}
