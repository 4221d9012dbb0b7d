import type { HistoryEvent, ServiceEvent } from '../../history/events.ts';
import { type Markup, markup } from '../text/markup.ts';
import { messageIn } from '../text/message-in.ts';
import { ofProcess } from '../timeline/breaker-bands.ts';
import { describeFault } from '../timeline/fault-windows.ts';

/**
 * Lists a scenario's phases, faults, transitions and other events in chronological order. Returns false if there are
 * none.
 */
export function eventList(events: readonly HistoryEvent[]): Markup | false {
  const from = Math.min(...events.map(({ at }) => at));
  const listed = events
    .toSorted((a, b) => a.at - b.at)
    .flatMap((event) => {
      const text = describeEvent(event);
      return text === undefined ? [] : [{ seconds: ((event.at - from) / 1_000).toFixed(3), text }];
    });
  if (listed.length === 0) return false;
  const items = listed.map(
    ({ seconds, text }) => markup`<li><span class="time">${seconds} s</span><span>${text}</span></li>`,
  );
  return markup`<details class="more"><summary>Events (${listed.length})</summary>
<ul class="events" tabindex="0" aria-label="Events">${items}</ul></details>`;
}

/** Describes an event. Returns undefined for kinds of events that are too numerous or not meaningful to a reader. */
function describeEvent(event: HistoryEvent): string | undefined {
  switch (event.type) {
    case 'phase':
      return `phase: ${event.title}`;
    case 'fault':
      return event.id === undefined
        ? `${event.upstream} healed`
        : `fault of ${event.upstream}: ${describeFault(event.asked)}`;
    case 'transition':
      return `breaker ${event.breaker}${ofProcess(event)} ${event.to}: ${messageIn(event.line)}`;
    case 'start':
      return `start tried with ${event.about}: ${event.outcome}${event.code === null ? '' : `, code ${event.code}`}`;
    case 'stored':
      return `ledger read: ${Object.keys(event.rows).length} keys`;
    case 'service':
      if (event.problem !== undefined) return event.problem;
      return `${event.process === undefined ? 'the service' : `process ${event.process} of the service`} ${event.event}${endOf(event)}`;
    case 'freeze':
      return `the service was stopped for ${((event.until - event.at) / 1_000).toFixed(2)} s`;
    case 'engine':
      return event.event === 'ended'
        ? 'the load generator ended'
        : event.event === 'error'
          ? `load generator: ${event.text}`
          : undefined;
    default:
      return undefined;
  }
}

/** Returns how a process ended, or the signal that tells it to. */
function endOf({ event, code, signal, asked }: ServiceEvent): string {
  if (event === 'signalled') return ` (${signal})`;
  return event === 'exited' ? ` (${signal ?? `code ${code}`}${asked ? ', by the lab' : ''})` : '';
}
