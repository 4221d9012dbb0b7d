import { EngineError } from '../errors.ts';
import { EXIT_CODES } from '../exit-codes.ts';

const UNITS: Record<string, number> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
};
const WHOLE = /^(?:\d+(?:\.\d+)?(?:d|h|ms|m|s|us|µs|ns))+$/;
const PART = /(\d+(?:\.\d+)?)(d|h|ms|m|s|us|µs|ns)/g;

/**
 * Reads a duration as k6 writes them: `1m30s`, `800ms`, `1.5h`, `1d`; a bare number is milliseconds.
 *
 * @returns Milliseconds.
 * @throws EngineError INVALID_DURATION for anything else, negative ones included.
 */
export function parseDuration(text: string | number): number {
  if (typeof text === 'number' && Number.isFinite(text) && text >= 0) return text;
  if (typeof text === 'string') {
    if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text);
    if (WHOLE.test(text)) {
      return [...text.matchAll(PART)].reduce(
        (sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0),
        0,
      );
    }
  }
  throw new EngineError(
    'INVALID_DURATION',
    `invalid duration ${JSON.stringify(text)}: expected milliseconds or a text such as "1m30s"`,
    EXIT_CODES.invalidOptions,
  );
}

/** Writes milliseconds as Go does, for messages: `500ms`, `2s`, `1m30s`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${ms}ms`;
  const [hours, minutes, seconds] = [
    Math.floor(ms / 3_600_000),
    Math.floor((ms % 3_600_000) / 60_000),
    (ms % 60_000) / 1_000,
  ];
  return [hours && `${hours}h`, (hours || minutes) && `${minutes}m`, `${seconds}s`].filter(Boolean).join('');
}
