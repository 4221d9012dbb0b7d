import { parseHtml } from '../html/parse-html.ts';
import type { Vu } from '../vu/vu.ts';

/** Implements `k6/html`. */
export function createHtmlModule(vu: Vu): object {
  return { parseHTML: (text?: unknown) => parseHtml(vu, String(text ?? '')) };
}
