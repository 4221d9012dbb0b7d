import { GoError } from '../base/errors.ts';

export type Tags = Readonly<Record<string, string>>;

/** The system tags that k6 sets by default. */
export const DEFAULT_SYSTEM_TAGS =
  `proto subproto status method url name group check error error_code tls_version scenario service
  expected_response`.split(/\s+/);

/** All of k6's system tags. The last four are off by default. */
export const KNOWN_SYSTEM_TAGS = [...DEFAULT_SYSTEM_TAGS, 'ip', 'ocsp_status', 'vu', 'iter'];

const NO_TAGS: Tags = {};

/**
 * Converts a script's tags to strings.
 *
 * @param problem The beginning of the error message.
 * @throws GoError for a value that is not a string, number or boolean
 */
export function toTags(given: unknown, problem = ''): Tags {
  if (given === undefined || given === null) return NO_TAGS;
  const tags: Record<string, string> = {};
  try {
    for (const name of Object.keys(given)) tags[name] = toTagValue(name, (given as Record<string, unknown>)[name]);
  } catch (error) {
    throw new GoError(problem + (error as Error).message);
  }
  return tags;
}

/** @throws TypeError for a value that is not a string, number or boolean. */
export function toTagValue(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TypeError(
    `invalid value for metric tag '${name}': only String, Boolean and Number types are accepted as a metric tag values`,
  );
}
