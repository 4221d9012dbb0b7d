import type { Vu } from '../vu/vu.ts';
import { Page } from './page.ts';
import { Selection } from './selection.ts';
import './selection-callbacks.ts';

export type { Selection };

/** Parses a page. Never throws: HTML has no errors. @param url Where it came from. */
export function parseHtml(vu: Vu, text: string, url = ''): Selection {
  const page = new Page(text, url);
  return new Selection(vu, page, [page.root]);
}
