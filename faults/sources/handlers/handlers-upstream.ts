import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { Refusal } from '../../base/refusal.ts';
import { Unserved } from '../../upstream/unserved.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import { Forward } from '../forward.ts';
import { jsonError } from '../json-error.ts';
import { HandlersProcess } from './handlers-process.ts';
import { withMarks } from './mark-texts.ts';
import { TOKEN, UNSERVED } from './protocol.ts';

/** Options for `createHandlersUpstream`. */
export interface HandlersOptions {
  /** The module that contains the handlers. It may be JavaScript or TypeScript, for msw 2 or later. */
  readonly file: string;
  /**
   * The absolute base URL that the handlers expect. A request to `/v2/x` is passed to them as `origin` + `/v2/x`.
   * Defaults to the origin of the handlers' absolute URLs.
   */
  readonly origin?: string;
}

/**
 * Serves a team's own MSW handlers, using the team's version of msw, in a separate process. Disposing of the upstream
 * stops the process.
 *
 * @throws Refusal `handlers-not-found`, `handlers-failed` if the file can't be imported, `no-handlers`,
 * `msw-not-found`, `msw-too-old`, or `ambiguous-origin` if no origin is given and the handlers expect several
 */
export async function createHandlersUpstream({ file, origin }: HandlersOptions): Promise<Upstream> {
  const path = resolve(file);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile())
    throw new Refusal('handlers-not-found', `no file ${file}; allowed: a JavaScript or TypeScript module`);
  const child = await HandlersProcess.start([path, ...(origin === undefined ? [] : [origin])], dirname(path));
  const forward = new Forward(child.address, { headers: { [TOKEN]: child.token } });
  return {
    handlers: [
      {
        async answer(request) {
          const response = await forward.answer(request);
          const why = response.headers.get(UNSERVED);
          if (why === null) return withMarks(response, request);
          await response.body?.cancel();
          if (response.status === 404) return undefined;
          throw new Unserved(response.status, decodeURIComponent(why));
        },
      },
    ],
    errorResponse: (status) => jsonError(status),
    unknownPath: (method, path) => jsonError(404, `no handler for ${method} ${child.origin}${path}`),
    settings: {},
    configure: (settings) => void z.strictObject({}).parse(settings),
    async [Symbol.asyncDispose]() {
      await forward[Symbol.asyncDispose]();
      await child[Symbol.asyncDispose]();
    },
  };
}
