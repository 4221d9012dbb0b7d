import { jsonIn } from '../../faults/base/json-in.ts';
import { now } from '../base/clock.ts';
import type { HistoryEvent } from '../history/events.ts';

/** A warning of k6: a script's metric got a value such as `undefined`, and ignores it. */
const REFUSED_VALUE = /' is an invalid value for metric '/;

interface LogLine {
  level?: string;
  msg?: string;
  source?: string;
  at?: number;
  ms?: number;
}

/**
 * Records a line of an engine's log if it reports a pause or an error. Crossed thresholds are omitted, because the
 * summary contains them. A value that a metric refuses is an error as well: a check would judge fewer samples than the
 * script has sent.
 */
export function recordLogLine(line: string, record: (event: HistoryEvent) => void): void {
  if (!line.startsWith('{')) return;
  const { level, msg, source, at = now(), ms } = (jsonIn(line) ?? {}) as LogLine;
  if (source === 'event-loop' && ms !== undefined) record({ type: 'stall', at, ms, of: 'generator' });
  if (source === 'console' || /^thresholds on metrics/.test(msg ?? '')) return;
  const isRefused = REFUSED_VALUE.test(msg ?? '');
  if (level !== 'error' && !isRefused) return;
  record({ type: 'engine', at: now(), event: 'error', text: msg ?? line, ...(isRefused && { refusedValue: true }) });
}
