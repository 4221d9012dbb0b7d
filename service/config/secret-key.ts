import { isKnownKey } from './known-keys.ts';

/** The key that the example configuration ships with. Known to everybody, so refused in production (specification R3). */
export const DEFAULT_SECRET_KEY = 'your-secret-key-change-in-production';

/** Shortest key that is accepted, in characters (specification R3). */
const SECRET_KEY_MIN_LENGTH = 32;

/** What a refused start says (specification R3, word for word). */
export const SECRET_KEY_REFUSAL =
  'SECRET_KEY must be changed in production! Set a strong random key (at least 32 characters) in .env file. ' +
  'Example: SECRET_KEY=$(openssl rand -hex 32)';

export type Environment = 'production' | 'development';

/** Outcome of the check: a key to use, perhaps with a warning, or the problem that refuses the start. */
export type SecretKeyCheck =
  | { readonly key: string; readonly warning?: string }
  | { readonly key?: never; readonly problem: string };

// A random key of 32 hexadecimal digits falls short of these once in more than ten million.
const DISTINCT_MIN = 8;

/**
 * Checks the key (specification R3). Surrounding blanks don't count towards its length.
 * Production refuses a missing, default or short one, one that documentation shows ({@link isKnownKey}), and one
 * that is no more than a short pattern. Development falls back on the default, with a warning, where there
 * is none; and refuses a short one.
 */
export function checkSecretKey(value: string | undefined, environment: Environment): SecretKeyCheck {
  const key = value?.trim() || undefined;
  if (environment === 'production') {
    return key === undefined || isWeak(key) ? { problem: SECRET_KEY_REFUSAL } : { key };
  }
  if (key === undefined || key === DEFAULT_SECRET_KEY) {
    return {
      key: DEFAULT_SECRET_KEY,
      warning: 'SECRET_KEY is the default key, which everybody knows: development only!',
    };
  }
  if (key.length < SECRET_KEY_MIN_LENGTH) {
    return { problem: `SECRET_KEY has ${key.length} characters: at least ${SECRET_KEY_MIN_LENGTH} are required` };
  }
  return { key };
}

function isWeak(key: string): boolean {
  if (key.length < SECRET_KEY_MIN_LENGTH || key === DEFAULT_SECRET_KEY) return true;
  return isKnownKey(key) || isTrivial(key);
}

/** One character or a few, a run of neighbours such as abcdef…, or a word repeated. */
function isTrivial(key: string): boolean {
  const codes = Array.from(key.toLowerCase(), (character) => character.codePointAt(0) as number);
  const steps = codes.slice(1).map((code, index) => code - (codes[index] as number));
  return new Set(codes).size < DISTINCT_MIN || new Set(steps).size < DISTINCT_MIN || isRepeated(key);
}

/** Whether the key is a word of at most half its length, again and again; the last time perhaps cut short. */
function isRepeated(key: string): boolean {
  const words = Array.from({ length: Math.floor(key.length / 2) }, (_, index) => key.slice(0, index + 1));
  return words.some((word) => word.repeat(Math.ceil(key.length / word.length)).startsWith(key));
}
