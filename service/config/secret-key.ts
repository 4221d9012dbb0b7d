import { isKnownKey } from './known-keys.ts';

/** The key of the example configuration. It is public, so it is refused in production (specification R3). */
export const DEFAULT_SECRET_KEY = 'your-secret-key-change-in-production';

/** Minimum length of a key, in characters (specification R3). */
const SECRET_KEY_MIN_LENGTH = 32;

/** The message of a refused start; the specification prescribes it literally (R3). */
export const SECRET_KEY_REFUSAL =
  'SECRET_KEY must be changed in production! Set a strong random key (at least 32 characters) in .env file. ' +
  'Example: SECRET_KEY=$(openssl rand -hex 32)';

export type Environment = 'production' | 'development';

/** The result of the check: a valid key, possibly with a warning, or the problem. */
export type SecretKeyCheck =
  | { readonly key: string; readonly warning?: string }
  | { readonly key?: never; readonly problem: string };

// Fewer than one in ten million random keys of 32 hexadecimal digits have fewer distinct characters or steps.
const DISTINCT_MIN = 8;

/**
 * Checks the key (specification R3). Surrounding whitespace is ignored. Production refuses a missing, default or short
 * key, a well-known key ({@link isKnownKey}), and a trivial pattern. Development uses the default key, with a warning,
 * if no key is set; it refuses a short key.
 */
export function checkSecretKey(value: string | undefined, environment: Environment): SecretKeyCheck {
  const key = value?.trim() || undefined;
  if (environment === 'production') {
    return key === undefined || isWeak(key) ? { problem: SECRET_KEY_REFUSAL } : { key };
  }
  if (key === undefined || key === DEFAULT_SECRET_KEY) {
    return {
      key: DEFAULT_SECRET_KEY,
      warning: 'SECRET_KEY is the default key, which is public: use it for development only!',
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

/** Whether the key has few different characters, is a sequence such as abcdef…, or repeats a word. */
function isTrivial(key: string): boolean {
  const codes = Array.from(key.toLowerCase(), (character) => character.codePointAt(0) as number);
  const steps = codes.slice(1).map((code, index) => code - (codes[index] as number));
  return new Set(codes).size < DISTINCT_MIN || new Set(steps).size < DISTINCT_MIN || isRepeated(key);
}

/** Whether the key repeats a word of at most half its length. The last repetition may be cut off. */
function isRepeated(key: string): boolean {
  const words = Array.from({ length: Math.floor(key.length / 2) }, (_, index) => key.slice(0, index + 1));
  return words.some((word) => word.repeat(Math.ceil(key.length / word.length)).startsWith(key));
}
