import type { Vu } from '../vu/vu.ts';
import type { Exchange } from './exchange.ts';
import type { Hop } from './redirect.ts';

/** `httpDebug`: says each request and its answer in the log, with their bodies where it is `full`. */
export function debugRequest(
  vu: Vu,
  { method, url, bytes }: Hop,
  headers: Readonly<Record<string, readonly string[]>>,
  answer: Exchange,
): void {
  const mode = vu.test.options.httpDebug;
  if (mode === '') return;
  const body = (content: Uint8Array | null) => (mode === 'full' && content ? Buffer.from(content).toString() : '');
  const lines = (all: [string, unknown][]) =>
    all.map(([name, value]) => `${name}: ${[value].flat().join(', ')}`).join('\n');
  const log = (text: string) => vu.test.logger.log('info', text);
  log(
    `Request:\n${method} ${url.pathname}${url.search} HTTP/1.1\nHost: ${url.host}\n${lines(Object.entries(headers))}\n\n${body(bytes)}`,
  );
  if (answer.error) return;
  log(
    `Response:\nHTTP/1.1 ${answer.status} ${answer.statusText}\n${lines(Object.entries(answer.headers))}\n\n${body(answer.body)}`,
  );
}
