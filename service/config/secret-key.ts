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

/** The result of the check: a valid key, possibly with a warning, or the problems: the refusal and its reason. */
export type SecretKeyCheck =
  | { readonly key: string; readonly warning?: string }
  | { readonly key?: never; readonly problems: readonly [refusal: string, reason: string] };

// Fewer than one in ten million random keys with 32 hexadecimal digits have fewer distinct characters or steps than
// this.
const DISTINCT_MIN = 8;

// In .env files, $(…), `…` and ${…} are plain text: only a shell evaluates them.
const SHELL_EXPRESSION = /^["']?(\$\(.*\)|`.*`|\$\{.*\})["']?$/s;

/**
 * Checks the key. Surrounding whitespace is ignored. A short key and a shell expression that was not evaluated
 * are always rejected. In production, so is a missing, default, well-known ({@link isKnownKey}) or trivial key. In development,
 * the default key is used with a warning if no key is set.
 */
export function checkSecretKey(value: string | undefined, environment: Environment): SecretKeyCheck {
  const key = value?.trim() || undefined;
  const reason = weaknessOf(key, environment);
  if (reason !== undefined) return { problems: [SECRET_KEY_REFUSAL, `SECRET_KEY ${reason}`] };
  if (key !== undefined && key !== DEFAULT_SECRET_KEY) return { key };
  return {
    key: DEFAULT_SECRET_KEY,
    warning: 'SECRET_KEY is the default key, which is public: use it for development only!',
  };
}

/** Returns why the key is rejected, without the key itself. */
function weaknessOf(key: string | undefined, environment: Environment): string | undefined {
  const strict = environment === 'production';
  if (key === undefined) return strict ? 'is not set.' : undefined;
  if (key === DEFAULT_SECRET_KEY) return strict ? 'is the default key, which is public.' : undefined;
  if (SHELL_EXPRESSION.test(key)) {
    return (
      'is a shell expression that was not evaluated, because values in .env files are taken literally. ' +
      'Run: openssl rand -hex 32. Then write its output into the file.'
    );
  }
  if (key.length < SECRET_KEY_MIN_LENGTH) {
    return `is too short: it has ${key.length} characters, and at least ${SECRET_KEY_MIN_LENGTH} are required.`;
  }
  if (strict && isKnownKey(key)) return 'is or contains a key from documentation, which is public.';
  return strict ? triviality(key) : undefined;
}

function triviality(key: string): string | undefined {
  const codes = Array.from(key.toLowerCase(), (character) => character.codePointAt(0) as number);
  const steps = codes.slice(1).map((code, index) => code - (codes[index] as number));
  if (new Set(codes).size < DISTINCT_MIN) return 'is easy to guess: it has too few different characters.';
  if (new Set(steps).size < DISTINCT_MIN) return 'is easy to guess: its characters follow a pattern.';
  return isRepeated(key) ? 'is easy to guess: it repeats a word.' : undefined;
}

/** Whether the key repeats a word of at most half its length. The last repetition may be incomplete. */
function isRepeated(key: string): boolean {
  const words = Array.from({ length: Math.floor(key.length / 2) }, (_, index) => key.slice(0, index + 1));
  return words.some((word) => word.repeat(Math.ceil(key.length / word.length)).startsWith(key));
}
