import type { HistoryEvent, RequestReceipt, RequestSample } from '../../history/events.ts';
import { type Markup, markup } from '../text/markup.ts';

/** Maximum number of requests to list. */
const MOST = 20;

/** A request, and the upstream requests that arrived before its response. */
interface Listed {
  readonly request: RequestSample;
  readonly upstream: readonly RequestReceipt[];
}

/**
 * Lists up to 20 of a scenario's requests, collapsed. They are taken from the phases that the failed checks refer to.
 * Requests without a response come first, then errors, then those that made the most upstream requests. Returns false
 * if there are no requests.
 */
export function requestTable(
  events: readonly HistoryEvent[],
  checks: readonly string[],
  scenario: string,
): Markup | false {
  const requests = events.filter((event) => event.type === 'request');
  if (requests.length === 0) return false;
  const from = Math.min(...events.map(({ at }) => at));
  const receipts = events.filter((event) => event.type === 'receipt').filter((one) => one.kind === 'request');
  const telling = ofPhases(requests, checks)
    .map((request) => ({ request, upstream: during(request, receipts) }))
    .toSorted(mostTellingFirst)
    .slice(0, MOST)
    .toSorted((a, b) => a.request.at - b.request.at);
  const title = `Requests (${telling.length} of ${requests.length})`;
  return markup`<details class="more"><summary>${title}</summary>
<div class="scrolled" role="region" tabindex="0" aria-label="Requests of ${scenario}"><table class="requests">
<thead><tr><th scope="col" class="number">s</th><th scope="col">phase</th><th scope="col">method</th><th scope="col">endpoint</th><th scope="col">answer</th><th scope="col" class="number">ms</th><th scope="col">upstream requests meanwhile</th></tr></thead>
<tbody>${telling.map((one) => tableRow(one, from))}</tbody></table></div></details>`;
}

function tableRow({ request, upstream }: Listed, from: number): Markup {
  const { at, method, name, ms, tags } = request;
  const counts = [...Map.groupBy(upstream, (one) => one.upstream)].map(([to, all]) => `${all.length} × ${to}`);
  return markup`<tr><td class="number">${((at - from) / 1_000).toFixed(3)}</td><td>${tags.phase ?? ''}</td><td>${method}</td><td>${tags.endpoint ?? name}</td><td>${request.status === 0 ? 'none' : request.status}</td><td class="number">${ms.toFixed(1)}</td><td>${counts.join(', ')}</td></tr>`;
}

/** Returns the requests in the phases that the checks refer to, or all requests if there is no such phase. */
function ofPhases(requests: readonly RequestSample[], checks: readonly string[]): readonly RequestSample[] {
  const phases = new Set(requests.flatMap(({ tags: { phase = '' } }) => (phase === '' ? [] : [phase])));
  const meant = new Set(checks.flatMap((check) => phaseOf(check, [...phases]) ?? []));
  return meant.size === 0 ? requests : requests.filter(({ tags: { phase = '' } }) => meant.has(phase));
}

/** Guesses the phase that a check refers to by comparing the words in their names, because checks don't record it. */
function phaseOf(check: string, phases: readonly string[]): string | undefined {
  const words = wordsOf(check);
  const shared = (phase: string) => wordsOf(phase).filter((word) => words.includes(word)).length;
  const last = (phase: string) => Math.max(...wordsOf(phase).map((word) => words.lastIndexOf(word)));
  const length = (phase: string) => wordsOf(phase).length;
  const [best] = phases
    .filter((phase) => shared(phase) > 0)
    .toSorted((a, b) => shared(b) - shared(a) || length(a) - length(b) || last(b) - last(a));
  return best;
}

const wordsOf = (text: string): string[] => text.split(/[\s,:]+/);

const during = ({ at, ms }: RequestSample, receipts: readonly RequestReceipt[]): RequestReceipt[] =>
  receipts.filter((receipt) => receipt.at >= at && receipt.at <= at + ms);

const badness = ({ status }: RequestSample): number => (status === 0 ? 3 : status >= 500 ? 2 : status >= 400 ? 1 : 0);

function mostTellingFirst(a: Listed, b: Listed): number {
  return (
    badness(b.request) - badness(a.request) || b.upstream.length - a.upstream.length || b.request.ms - a.request.ms
  );
}
