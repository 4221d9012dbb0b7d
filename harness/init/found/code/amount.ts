import type { Code, Known } from './code.ts';
import type { Module, Value } from './syntax.ts';

/** A number in a service's code. */
export interface Amount {
  readonly value: number;
  /** The environment variable that sets it. `unit` is that of the variable. */
  readonly setting?: { readonly name: string; readonly unit: Unit } | undefined;
}

/** How an environment variable holds a number. `text` is a duration such as `1 minute` or a limit such as `20/minute`. */
type Unit = 'number' | 's' | 'ms' | 'text';

const WORDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };
const DURATION = /^(\d+(?:\.\d+)?)\s*(ms|milliseconds?|msecs?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)$/i;

/** Returns the seconds in a text such as `1 minute` or `30s`. */
function durationIn(text: string): number | undefined {
  const [, amount, word = ''] = DURATION.exec(text.trim()) ?? [];
  if (amount === undefined) return undefined;
  const unit = /^m(s|illi|sec)/i.test(word) ? 'ms' : (word[0] ?? 's').toLowerCase();
  return Number(amount) * (WORDS[unit] ?? 1);
}

/** Returns a number, or undefined if it isn't one or not known. */
export function numberOf(code: Code, value: Value | undefined, module: Module): Amount | undefined {
  const known = code.evaluate(value, module);
  const number = Number(known.value);
  if (known.value === undefined || known.value === '' || typeof known.value === 'boolean' || Number.isNaN(number))
    return undefined;
  return {
    value: number,
    setting: known.setting?.factor === 1 ? { name: known.setting.name, unit: 'number' } : undefined,
  };
}

/**
 * Returns a duration in seconds, or undefined if it isn't known.
 *
 * @param unit Seconds per unit of the value, such as 0.001 for a library that takes milliseconds.
 */
export function secondsOf(code: Code, value: Value | undefined, module: Module, unit: number): Amount | undefined {
  const known = code.evaluate(value, module);
  if (typeof known.value === 'string' && Number.isNaN(Number(known.value))) {
    const seconds = durationIn(known.value);
    return seconds === undefined
      ? undefined
      : { value: seconds, setting: known.setting && { name: known.setting.name, unit: 'text' } };
  }
  const amount = Number(known.value);
  if (known.value === undefined || typeof known.value === 'boolean' || Number.isNaN(amount)) return undefined;
  return { value: round(amount * unit), setting: settingOf(known, unit) };
}

function settingOf({ setting }: Known, unit: number): Amount['setting'] {
  if (setting?.isDuration) return { name: setting.name, unit: 'text' };
  const factor = setting && round(setting.factor * unit);
  if (!setting || (factor !== 1 && factor !== 0.001)) return undefined;
  return { name: setting.name, unit: factor === 1 ? 's' : 'ms' };
}

const round = (value: number): number => Number(value.toPrecision(9));
