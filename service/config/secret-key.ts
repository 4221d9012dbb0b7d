import { isKnownKey } from './known-keys.ts';

/** The key in the example configuration. It is public and therefore rejected in production. */
export const DEFAULT_SECRET_KEY = 'your-secret-key-change-in-production';

/** Minimum key length in characters. */
const SECRET_KEY_MIN_LENGTH = 32;

/** The error message if the key is rejected. The specification prescribes the exact text. */
export const SECRET_KEY_REFUSAL =
  'SECRET_KEY must be changed in production! Set a strong random key (at least 32 characters) in .env file. ' +
  'Example: SECRET_KEY=$(openssl rand -hex 32)';

export type Environment = 'production' | 'development';

/** The result of the check: a valid key, possibly with a warning, or a problem. */
export type SecretKeyCheck =
  | { readonly key: string; readonly warning?: string }
  | { readonly key?: never; readonly problem: string };

// Fewer than one in ten million random keys with 32 hexadecimal digits have fewer distinct characters or steps than
// this.
const DISTINCT_MIN = 8;

/**
 * Checks the key. Surrounding whitespace is ignored. In production, a missing, default, short,
 * well-known ({@link isKnownKey}) or trivial key is rejected. In development, a short key is rejected, and if no key is
 * set, the default key is used with a warning.
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

/** Whether the key consists of few different characters, is a sequence such as abcdef…, or repeats a word. */
function isTrivial(key: string): boolean {
  const codes = Array.from(key.toLowerCase(), (character) => character.codePointAt(0) as number);
  const steps = codes.slice(1).map((code, index) => code - (codes[index] as number));
  return new Set(codes).size < DISTINCT_MIN || new Set(steps).size < DISTINCT_MIN || isRepeated(key);
}

/** Whether the key repeats a word of at most half its length. The last repetition may be incomplete. */
function isRepeated(key: string): boolean {
  const words = Array.from({ length: Math.floor(key.length / 2) }, (_, index) => key.slice(0, index + 1));
  return words.some((word) => word.repeat(Math.ceil(key.length / word.length)).startsWith(key));
}
