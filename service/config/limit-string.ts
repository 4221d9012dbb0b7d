/** A rate limit: at most `amount` requests in a window of `windowMs` milliseconds. */
export interface Limit {
  readonly amount: number;
  readonly windowMs: number;
}

/** Thrown for an invalid limit string. */
export class LimitStringError extends Error {
  override readonly name = 'LimitStringError';
  readonly code = 'LIMIT_STRING_INVALID';

  constructor(text: string) {
    super(
      `${JSON.stringify(text)} is not a rate limit: it must be "N/unit" or "N per [k] unit", with whole numbers N and k ` +
        'from 1 and a unit of second, minute, hour, day, month or year; join several limits with "," ";" or "|"',
    );
  }
}

// As in the `limits` package, a month has 30 days and a year has 12 months.
const DAY_MS = 86_400_000;
const UNIT_MS: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: DAY_MS,
  month: 30 * DAY_MS,
  year: 360 * DAY_MS,
};

const LIMIT = /^\s*(\d+)\s*(?:\/|\s+per\s+|per\s+)\s*(?:(\d+)\s*)?(second|minute|hour|day|month|year)s?\s*$/i;

/**
 * Parses a limit string, such as `100/minute` or `10 per 2 seconds; 1000/day`.
 * @returns The limits in the order in which they appear in the string.
 * @throws LimitStringError with the whole string
 */
export function parseLimitString(text: string): Limit[] {
  return text.split(/[,;|]/).map((part) => {
    const [, amountText, multipleText = '1', unit = ''] = LIMIT.exec(part) ?? [];
    const amount = Number(amountText);
    const windowMs = Number(multipleText) * (UNIT_MS[unit.toLowerCase()] ?? Number.NaN);
    if (!isCount(amount) || !isCount(windowMs)) throw new LimitStringError(text);
    return { amount, windowMs };
  });
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}
