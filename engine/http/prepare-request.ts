import type { Target } from '../net/target.ts';
import type { Vu } from '../vu/vu.ts';
import { compressBody } from './compress-body.ts';
import type { ScriptRequest } from './hop.ts';
import { readBody } from './request-body.ts';
import { firstHeaders } from './request-headers.ts';
import type { RequestParams } from './request-params.ts';
import type { NamedUrl } from './url-template.ts';

/** A request that is ready to be sent, together with the values that the script passed. */
export interface PreparedRequest extends ScriptRequest {
  readonly given: {
    readonly url: string;
    /** The body before compression. */
    readonly bytes: Uint8Array | null;
  };
}

/**
 * Builds a request from the arguments that a script passed.
 *
 * @throws GoError or TypeError if the body is invalid
 */
export function prepareRequest(
  vu: Vu,
  given: {
    readonly method: string;
    readonly url: NamedUrl;
    /** The parsed URL. */
    readonly target: Target;
    readonly body: unknown;
    readonly params: RequestParams;
  },
): PreparedRequest {
  const { method, url, target, params } = given;
  const { bytes, contentType } = readBody(given.body);
  const isCompressed = bytes !== null && params.compressions.length > 0;
  const encoding = isCompressed ? params.compressions.join(', ') : '';
  const headers = firstHeaders(vu, { target, contentType, encoding }, params);
  const sent = isCompressed ? compressBody(bytes, params.compressions) : bytes;
  const warn = (text: string) => vu.test.logger.log('warning', text);
  const own = headers['Content-Encoding']?.[0];
  if (isCompressed && own !== encoding)
    warn(
      `There's a mismatch between the desired \`compression\` the manually set \`Content-Encoding\` header in the ${method} request for '${target.href}', the custom header has precedence and won't be overwritten. This may result in invalid data being sent to the server.`,
    );
  warnOfLength(params, method, target.href, sent?.length ?? 0, warn);
  return { method, target, headers, bytes: sent, name: url.name, params, given: { url: url.url, bytes } };
}

function warnOfLength(
  { headers }: RequestParams,
  method: string,
  href: string,
  length: number,
  warn: (text: string) => void,
): void {
  for (const name in headers) {
    if (name.toLowerCase() !== 'content-length') continue;
    const given = headers[name] ?? '';
    if (given !== '' && given !== String(length))
      warn(
        `The specified Content-Length header ${JSON.stringify(given)} in the ${method} request for ${href} doesn't match the actual request body length of ${length}, so it will be ignored!`,
      );
  }
}
