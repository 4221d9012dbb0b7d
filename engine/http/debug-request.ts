import type { Exchange } from '../net/exchange.ts';
import type { Vu } from '../vu/vu.ts';
import type { Hop } from './hop.ts';

/** Implements the `httpDebug` option: logs each request and response, including bodies in `full` mode. */
export function debugRequest(vu: Vu, { method, target, headers, bytes }: Hop, answer: Exchange): void {
  const mode = vu.test.options.httpDebug;
  const body = (content: Uint8Array | null) => (mode === 'full' && content ? Buffer.from(content).toString() : '');
  const lines = (all: [string, unknown][]) =>
    all.map(([name, value]) => `${name}: ${[value].flat().join(', ')}`).join('\n');
  const log = (text: string) => vu.test.logger.log('info', text);
  log(
    `Request:\n${method} ${target.path} HTTP/1.1\nHost: ${target.host}\n${lines(Object.entries(headers))}\n\n${body(bytes)}`,
  );
  if (answer.error) return;
  log(
    `Response:\n${answer.head.proto} ${answer.head.status} ${answer.head.statusText}\n${lines(Object.entries(answer.head.headers))}\n\n${body(answer.body)}`,
  );
}
