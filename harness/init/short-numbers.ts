import type { NumberSetting } from './answers.ts';

/** A time for tests, and the setting with which the service has it. */
interface Short {
  readonly seconds: number;
  readonly environment: Record<string, string>;
}

/** How long times and windows are in the profile `fast`, in seconds. */
const FAST_SECONDS = 2;
/** How many requests a client may send in a window of the profile `fast`. */
const FAST_MAX = 10;

/** Returns a short time in place of a long one, if a setting can change it. */
export function shortSeconds(seconds: number, setting: NumberSetting | undefined): Short {
  if (!setting || seconds <= FAST_SECONDS) return { seconds, environment: {} };
  const { name, unit } = setting;
  const text = unit === 'text' ? `${FAST_SECONDS}s` : String(unit === 'ms' ? FAST_SECONDS * 1_000 : FAST_SECONDS);
  return { seconds: FAST_SECONDS, environment: { [name]: text } };
}

/**
 * Returns a limit for tests in place of one that takes long or needs many requests, as far as settings can change it.
 * A setting of the unit `text` has both numbers, such as `20/minute`.
 */
export function shortLimit(
  { max, windowSeconds }: { readonly max: number; readonly windowSeconds: number },
  settings: { readonly max: NumberSetting | undefined; readonly window: NumberSetting | undefined },
) {
  if (settings.max?.unit === 'text') {
    const isLong = windowSeconds > FAST_SECONDS || max > FAST_MAX;
    const environment = { [settings.max.name]: `${FAST_MAX}/${FAST_SECONDS} seconds` };
    return isLong
      ? { max: FAST_MAX, windowSeconds: FAST_SECONDS, environment }
      : { max, windowSeconds, environment: {} };
  }
  const window = shortSeconds(windowSeconds, settings.window);
  const isMany = settings.max !== undefined && max > FAST_MAX;
  return {
    max: isMany ? FAST_MAX : max,
    windowSeconds: window.seconds,
    environment: { ...(isMany && { [settings.max?.name ?? '']: String(FAST_MAX) }), ...window.environment },
  };
}

/** Returns the value of a limit's setting with which no client reaches the limit. */
export const noLimit = ({ unit }: NumberSetting): string => (unit === 'text' ? '1000000/second' : '1000000');
