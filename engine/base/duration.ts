import { EngineError } from './errors.ts';

const UNITS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ns: 1e-6,
};
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const DAYS = /^([+-]?\d+)d(.*)$/s;
const WHOLE = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:h|ms|m|s|us|µs|μs|ns))+$/;
const PART = /(\d+\.?\d*|\.\d+)(h|ms|m|s|us|µs|μs|ns)/g;

/**
 * Parses a duration the way k6 does: `1m30s`, `800ms`, `1.5h`, `1d12h`. A bare number is in milliseconds. Negative
 * values are accepted; callers reject them where they make no sense.
 *
 * @returns The duration in milliseconds.
 * @throws EngineError INVALID_DURATION if the value is not a valid duration
 */
export function parseDuration(given: string | number): number {
  const ms = typeof given === 'number' ? given : ofText(String(given));
  if (ms !== undefined && Number.isFinite(ms)) return ms;
  throw new EngineError(
    'INVALID_DURATION',
    `invalid duration ${JSON.stringify(given)}: expected milliseconds or a text such as "1m30s"`,
  );
}

function ofText(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text);
  const [, days, rest = ''] = DAYS.exec(text) ?? [];
  if (days === undefined) return ofUnits(text);
  const within = rest === '' ? 0 : ofUnits(rest);
  if (within === undefined || within < 0) return undefined;
  return Number(days) * 86_400_000 + (Number(days) < 0 ? -within : within);
}

function ofUnits(text: string): number | undefined {
  if (text === '0' || text === '+0' || text === '-0') return 0;
  if (!WHOLE.test(text)) return undefined;
  const sum = [...text.matchAll(PART)].reduce(
    (total, [, count, unit]) => total + Number(count) * (UNITS[unit ?? ''] ?? 0),
    0,
  );
  return text.startsWith('-') ? -sum : sum;
}

/** Formats milliseconds for messages the way Go does: `500ms`, `2s`, `1m30s`. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms > 0 && ms < 1_000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = (ms % 60_000) / 1_000;
  return [hours && `${hours}h`, (hours || minutes) && `${minutes}m`, `${seconds}s`].filter(Boolean).join('');
}
