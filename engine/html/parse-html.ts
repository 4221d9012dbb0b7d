import type { Vu } from '../vu/vu.ts';
import { Page } from './page.ts';
import { Selection } from './selection.ts';
import './selection-callbacks.ts';

export type { Selection };

/**
 * Parses a page. Never throws, since any text is valid HTML.
 *
 * @param url The page's URL.
 */
export function parseHtml(vu: Vu, text: string, url = ''): Selection {
  const page = new Page(text, url);
  return new Selection(vu, page, [page.root]);
}
