import { count } from '../../base/in-words.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { HistoryEvent, RequestReceipt, RequestSample, SpanEvent } from '../../history/events.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Markup, markup } from '../text/markup.ts';

/** Maximum number of bars of a trace. */
const MOST = 60;

/** Width of a narrow bar in percent. Shorter times would be invisible. */
const NARROW = 0.5;

const CALLER = 'caller';

type Traced = RequestSample | SpanEvent | (RequestReceipt & { type: 'receipt' });

/** A line of a trace. Times are in milliseconds. */
interface Bar {
  /** The service or upstream, or {@link CALLER} for the script's own request. */
  readonly by: string;
  readonly what: string;
  readonly at: number;
  readonly ms: number;
  readonly outcome: string;
  readonly failed: boolean;
}

/**
 * Renders the traces that a finding names, the first one expanded: the script's request, the service's spans, and the
 * requests that reached an upstream with the same trace ID. Returns false if there are only the script's requests.
 */
export function traceFigures({ traces = [], check }: Finding, events: readonly HistoryEvent[]): Markup | false {
  const found = traces
    .map(({ id }) => ({ id, events: events.filter((event): event is Traced => isOf(id, event)) }))
    .filter((trace) => trace.events.some(({ type }) => type !== 'request'));
  const figures = found.map((trace, index) => traceFigure(trace, index, `Trace ${index + 1} of ${check}`));
  return figures.length > 0 && markup`${figures}`;
}

const isOf = (id: string, event: HistoryEvent): boolean => 'trace' in event && event.trace === id;

function traceFigure(trace: { id: string; events: readonly Traced[] }, index: number, label: string): Markup {
  const bars = nested(trace.events).map(({ event, depth }) => ({ ...toBar(event), depth }));
  const request = bars.find(({ by }) => by === CALLER);
  const from = Math.min(...bars.map(({ at }) => at));
  const whole = Math.max(...bars.map(({ at, ms }) => at + ms)) - from || 1;
  const more = bars.length - MOST;
  return markup`<details class="more trace"${index === 0 && markup` open`}><summary>Trace of ${request?.what}: ${request?.outcome}</summary>
<div class="scrolled" role="region" tabindex="0" aria-label="${label}"><table class="requests">
<thead><tr><th scope="col">by</th><th scope="col">span</th><th scope="col" class="number">start (ms)</th><th scope="col" class="number">ms</th><th scope="col">outcome</th><th scope="col">when</th></tr></thead>
<tbody>${bars.slice(0, MOST).map((bar) => barRow(bar, from, whole))}</tbody></table></div>
<p class="note">${more > 0 && `And ${count(more, 'more span')}. `}Trace ID <code>${trace.id}</code></p></details>`;
}

/** Sorts the children of a span below it. Clocks are too coarse to sort only by time. */
function nested(events: readonly Traced[]): { event: Traced; depth: number }[] {
  const ids = new Set(events.flatMap((event) => (event.type === 'span' ? event.id : [])));
  const parentOf = (event: Traced) =>
    'parent' in event && event.parent !== undefined && ids.has(event.parent) ? event.parent : undefined;
  const children = Map.groupBy(
    events.toSorted((a, b) => a.at - b.at),
    parentOf,
  );
  const below = (parent: string | undefined, depth: number): { event: Traced; depth: number }[] =>
    (children.get(parent) ?? []).flatMap((event) => [
      { event, depth: event.type === 'request' ? 0 : depth },
      ...(event.type === 'span' ? below(event.id, depth + 1) : []),
    ]);
  return below(undefined, 1).toSorted(
    (a, b) => Number(b.event.type === 'request') - Number(a.event.type === 'request'),
  );
}

function barRow(
  { by, what, at, ms, outcome, failed, depth }: Bar & { depth: number },
  from: number,
  whole: number,
): Markup {
  const percent = (part: number) => (part / whole) * 100;
  const width = Math.max(NARROW, percent(ms));
  const x = Math.min(percent(at - from), 100 - width);
  return markup`<tr${failed && markup` class="failed"`}><td>${by}</td><td>${'\u00a0'.repeat(2 * depth)}${what}</td><td class="number">${(at - from).toFixed(1)}</td><td class="number">${ms.toFixed(1)}</td><td>${outcome}</td><td><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect x="${x.toFixed(2)}" width="${width.toFixed(2)}" height="10"/></svg></td></tr>`;
}

function toBar(event: Traced): Bar {
  const { at } = event;
  if (event.type === 'span') {
    const { service, name, ms, failed, message } = event;
    const outcome = failed ? ['failed', message].filter(Boolean).join(': ') : '';
    return { by: service, what: name, at, ms, outcome, failed };
  }
  if (event.type === 'request') {
    const { method, name, ms, tags } = event;
    const what = `${method} ${tags.endpoint ?? name}`;
    return { by: CALLER, what, at, ms, ...outcomeOf(event.status, answerOf(event)) };
  }
  const { upstream, route, endedAt, status, outcome } = event;
  return {
    by: upstream,
    what: route,
    at,
    ms: (endedAt ?? at) - at,
    ...outcomeOf(status ?? 0, status === null ? outcome : String(status)),
  };
}

const outcomeOf = (status: number, outcome: string): Pick<Bar, 'outcome' | 'failed'> => ({
  outcome,
  failed: status === 0 || status >= 500,
});
