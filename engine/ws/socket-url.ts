import { GoError } from '../base/errors.ts';
import { unescapePart } from '../net/go-escape.ts';
import { formatGoUrl, type GoUrl, parseGoUrl } from '../net/go-url.ts';

/**
 * Validates a WebSocket URL for `k6/websockets`.
 *
 * @throws GoError with k6's message
 */
export function socketUrl(given: unknown): string {
  if (given === null || given === undefined) throw new GoError('WebSocket requires a url');
  const url = parsed(String(given));
  const { scheme, fragment } = url;
  if (!/^wss?$/.test(scheme)) {
    throw new GoError(`WebSocket requires url with scheme ws or wss, but got ${JSON.stringify(scheme)}`);
  }
  if (fragment === '') return formatGoUrl(url);
  const text = unescapePart(fragment, 'fragment').toString();
  throw new GoError(`WebSocket requires no url fragment, but got ${JSON.stringify(text)}`);
}

function parsed(text: string): GoUrl {
  try {
    return parseGoUrl(text);
  } catch (error) {
    const why = `which resulted in ${(error as Error).message}`;
    throw new GoError(`WebSocket requires valid url, but got ${JSON.stringify(text)} ${why}`);
  }
}
