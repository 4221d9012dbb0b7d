import { parseHtml } from '../html/parse-html.ts';
import type { Vu } from '../vu/vu.ts';
import type { ModuleExports } from './module-exports.ts';

/** Implements `k6/html`. */
export function createHtmlModule(vu: Vu): ModuleExports {
  const named = {
    parseHTML: (text?: unknown) => parseHtml(vu, text === undefined || text === null ? '' : String(text)),
  };
  return { ...named, default: named };
}
