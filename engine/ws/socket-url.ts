import { GoError } from '../base/errors.ts';
import { formatGoUrl, parseGoUrl } from '../net/go-url.ts';

/**
 * Validates a WebSocket URL for `k6/websockets`.
 *
 * @throws GoError with k6's message
 */
export function socketUrl(given: unknown): string {
  if (given === null || given === undefined) throw new GoError('WebSocket requires a url');
  const text = String(given);
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(text)?.[1]?.toLowerCase() ?? '';
  if (scheme !== 'ws' && scheme !== 'wss') {
    throw new GoError(`WebSocket requires url with scheme ws or wss, but got ${JSON.stringify(scheme)}`);
  }
  if (!URL.canParse(text)) throw new GoError(`WebSocket requires valid url, but got ${JSON.stringify(text)}`);
  const { hash } = new URL(text);
  if (hash !== '') throw new GoError(`WebSocket requires no url fragment, but got ${JSON.stringify(hash.slice(1))}`);
  return formatGoUrl(parseGoUrl(text));
}
