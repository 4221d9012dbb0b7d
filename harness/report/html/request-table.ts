import { answerOf } from '../../history/answer-of.ts';
import { badness } from '../../history/badness.ts';
import type { HistoryEvent, RequestReceipt, RequestSample } from '../../history/events.ts';
import { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Markup, markup } from '../text/markup.ts';

/** Maximum number of requests to list. */
const MOST = 20;

/** A request, and the upstream requests that arrived before its response. */
interface Listed {
  readonly request: RequestSample;
  readonly upstream: readonly RequestReceipt[];
}

/**
 * Lists up to 20 of a scenario's requests, collapsed. They are taken from those that the failed checks judged.
 * Requests without a response come first, then errors, then those that made the most upstream requests. Returns false
 * if there are no requests.
 */
export function requestTable(
  events: readonly HistoryEvent[],
  findings: readonly Finding[],
  scenario: string,
): Markup | false {
  const requests = events.filter((event) => event.type === 'request');
  if (requests.length === 0) return false;
  const from = events.reduce((first, { at }) => Math.min(first, at), Number.POSITIVE_INFINITY);
  const receipts = events.filter((event) => event.type === 'receipt').filter((event) => event.kind === 'request');
  const history = new History(events);
  const telling = judgedBy(findings, history)
    .map((request) => ({ request, upstream: during(request, receipts) }))
    .toSorted(mostTellingFirst)
    .slice(0, MOST)
    .toSorted((a, b) => a.request.at - b.request.at);
  const title = `Requests (${telling.length} of ${requests.length})`;
  return markup`<details class="more"><summary>${title}</summary>
<div class="scrolled" role="region" tabindex="0" aria-label="Requests of ${scenario}"><table class="requests">
<thead><tr><th scope="col" class="number">s</th><th scope="col">phase</th><th scope="col">method</th><th scope="col">endpoint</th><th scope="col">answer</th><th scope="col" class="number">ms</th><th scope="col">upstream requests meanwhile</th></tr></thead>
<tbody>${telling.map((request) => tableRow(request, from, history))}</tbody></table></div></details>`;
}

function tableRow({ request, upstream }: Listed, from: number, history: History): Markup {
  const { at, method, name, ms, tags } = request;
  const counts = [...Map.groupBy(upstream, (receipt) => receipt.upstream)].map(([to, all]) => `${all.length} × ${to}`);
  return markup`<tr><td class="number">${((at - from) / 1_000).toFixed(3)}</td><td>${history.titleOf(tags)}</td><td>${method}</td><td>${tags.endpoint ?? name}</td><td>${request.status === 0 ? 'none' : answerOf(request)}</td><td class="number">${ms.toFixed(1)}</td><td>${counts.join(', ')}</td></tr>`;
}

/** Returns the requests that the findings judged, or all requests if the findings don't say which. */
function judgedBy(findings: readonly Finding[], history: History): readonly RequestSample[] {
  const wanted = findings.flatMap((finding) => finding.requests ?? []);
  const found = new Set(wanted.flatMap((tags) => history.sent(tags)));
  return found.size === 0 ? history.all('request') : [...found];
}

const during = ({ at, ms }: RequestSample, receipts: readonly RequestReceipt[]): RequestReceipt[] =>
  receipts.filter((receipt) => receipt.at >= at && receipt.at <= at + ms);

function mostTellingFirst(a: Listed, b: Listed): number {
  return (
    badness(b.request.status) - badness(a.request.status) ||
    b.upstream.length - a.upstream.length ||
    b.request.ms - a.request.ms
  );
}
