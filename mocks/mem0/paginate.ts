import type { UpstreamRequest } from '../../faults/upstream/upstream-request.ts';
import { Mem0Refusal, mem0Error } from './errors.ts';

/** A page in the API's format, with links to the next and previous page. */
export interface Page<Item> {
  readonly count: number;
  readonly next: string | null;
  readonly previous: string | null;
  readonly results: readonly Item[];
}

/**
 * Returns the page of `items` that is selected by `page` (default 1) and `page_size` (default 100, at most 1,000) in
 * the query or, if they are missing there, in `body`.
 *
 * @throws Mem0Refusal 404 if the page does not exist
 */
export function paginate<Item>(
  items: readonly Item[],
  request: UpstreamRequest,
  body: { page?: number | undefined; page_size?: number | undefined } = {},
): Page<Item> {
  const url = new URL(request.url);
  // Handlers see a placeholder host. The links must lead back to the host that the client used.
  url.host = request.headers.get('host') ?? url.host;
  const page = Number(url.searchParams.get('page') ?? body.page ?? 1);
  const size = Math.min(1000, Number(url.searchParams.get('page_size') ?? body.page_size ?? 100));
  const pages = Math.max(1, Math.ceil(items.length / size));
  if (!Number.isInteger(page) || !(size >= 1) || page < 1 || page > pages) {
    throw new Mem0Refusal(mem0Error(404, 'Invalid page.'));
  }

  const linkTo = (number: number): string => {
    url.searchParams.set('page', String(number));
    url.searchParams.set('page_size', String(size));
    return url.href;
  };
  return {
    count: items.length,
    next: page < pages ? linkTo(page + 1) : null,
    previous: page > 1 ? linkTo(page - 1) : null,
    results: items.slice((page - 1) * size, page * size),
  };
}

/** Whether a request asks for a page instead of everything. */
export const asksForPage = (request: UpstreamRequest): boolean => new URL(request.url).searchParams.has('page');
