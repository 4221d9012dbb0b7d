/**
 * The share of a window, or of a recovery timeout, that must be observed. Responses near its end may come too late.
 */
export const NEARLY_ALL = 0.85;

/**
 * For how many seconds a longer window or recovery timeout must be observed, if the script does not wait for its end.
 * The script watches for 13 s (scenarios/lib/promised-numbers.ts).
 */
export const WATCHED_SECONDS = 12;
