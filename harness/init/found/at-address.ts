import { wholeBody } from '../../../faults/base/whole-body.ts';
import type { OpenApiDocument } from '../../../faults/sources/openapi/document.ts';
import { isOpenApi } from '../../../faults/sources/openapi/read-document.ts';
import { fetchDirectly } from '../../base/fetch-directly.ts';
import { answersInDocument } from './in-document.ts';
import { firstOf, type Source, sourceOf } from './source.ts';

/** Paths at which frameworks serve an OpenAPI document: FastAPI, Fastify, NestJS, Spring. */
const PATHS = ['openapi.json', 'documentation/json', 'api-json', 'docs-json', 'v3/api-docs', 'swagger.json'];
const TIMEOUT_MS = 2_000;

/** Paths at which services report readiness, the usual paths first. */
const READY_PATHS = ['/health', '/healthz', '/ready', '/readyz', '/livez', '/live', '/ping', '/api/health', '/status'];

/**
 * Returns a source for the answers in the OpenAPI document that a running service serves, if it serves one. It also
 * finds the path that reports readiness.
 *
 * @param suggested The path that files suggest.
 */
export async function answersAt(address: string, suggested: string | undefined): Promise<Source> {
  const base = address.replace(/\/*$/, '/');
  const urls = PATHS.map((path) => new URL(path, base).href);
  const [documents, ready] = await Promise.all([Promise.all(urls.map(documentAt)), readyPathAt(base, suggested)]);
  const described = documents.flatMap((document, index) => {
    return document ? [answersInDocument(document, `the service's /${PATHS[index]}`)] : [];
  });
  const answers =
    ready === undefined ? {} : { readyPath: { answer: ready, from: 'the service answers with 2xx', isKnown: true } };
  return firstOf([...described, sourceOf(answers)]);
}

/** A path that no service has. One that answers it with 2xx does so everywhere. */
const NOWHERE = '/proofload-no-such-path';

/** Returns the suggested path, or the first of the usual ones, that responds with 2xx. */
async function readyPathAt(base: string, suggested: string | undefined): Promise<string | undefined> {
  const paths = [...(suggested === undefined ? [] : [suggested]), ...READY_PATHS, NOWHERE];
  const isReady = await Promise.all(
    paths.map(async (path) => {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const answer = await fetchDirectly(new URL(path, base).href, { signal, redirect: 'manual' }).catch(
        () => undefined,
      );
      await answer?.body?.cancel();
      return answer?.ok;
    }),
  );
  return isReady.at(-1) ? undefined : paths.find((_, index) => isReady[index]);
}

async function documentAt(url: string): Promise<OpenApiDocument | undefined> {
  try {
    const response = await fetchDirectly(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const document: unknown = response.ok && JSON.parse((await wholeBody(response.body)).toString());
    return isOpenApi(document) ? document : undefined;
  } catch {
    return undefined;
  }
}
