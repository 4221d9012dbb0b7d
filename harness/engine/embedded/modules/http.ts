import { GoError } from '../errors.ts';
import { CookieJar } from '../http/cookie-jar.ts';
import { expectedStatuses, toStatusTest } from '../http/expected-statuses.ts';
import { readBody } from '../http/request-body.ts';
import { readParams } from '../http/request-params.ts';
import { startRequest } from '../http/start-request.ts';
import { toNamedUrl, urlTemplate } from '../http/url-template.ts';
import type { Vu } from '../vu/vu.ts';
import type { ModuleExports } from './module-table.ts';

/** The verbs of the classic style, which wait for the answer without letting anything else run. */
const SYNCHRONOUS = ['get', 'head', 'post', 'put', 'patch', 'del', 'options', 'request', 'batch'];

/** `k6/http`. */
export function createHttpModule(vu: Vu): ModuleExports {
  const assertRunning = () => {
    if (vu.phase === 'init') throw new GoError('Making http requests in the init context is not supported');
  };
  const refuse = (verb: string) => () => {
    assertRunning();
    throw new GoError(
      `http.${verb}() waits for its answer, which the embedded engine can't do yet: use "await http.asyncRequest(method, url, body, params)" in an async function instead`,
    );
  };

  async function asyncRequest(method: unknown, url: unknown, body?: unknown, params?: unknown) {
    assertRunning();
    const { bytes, contentType } = readBody(body);
    const named = toNamedUrl(url);
    return startRequest(vu, named.url, {
      method: String(method).toUpperCase(),
      bytes,
      contentType,
      name: named.name,
      params: readParams(params, {
        redirects: vu.test.options.maxRedirects,
        jar: vu.jar,
        responseType: vu.test.options.discardResponseBodies ? 'none' : 'text',
        isExpected: vu.isExpectedStatus,
        throws: vu.test.options.throw,
      }),
    });
  }

  const named = {
    ...Object.fromEntries(SYNCHRONOUS.map((verb) => [verb, refuse(verb)])),
    asyncRequest,
    expectedStatuses,
    setResponseCallback: (callback: unknown) => {
      vu.isExpectedStatus = toStatusTest(callback);
    },
    url: urlTemplate,
    cookieJar: () => vu.jar,
    CookieJar,
    file: () => {
      throw new GoError('http.file() is not available in the embedded engine: build the multipart body yourself');
    },
  };
  return { ...named, default: named };
}
