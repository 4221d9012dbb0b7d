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

/**
 * Checks the key (specification R3). Surrounding blanks don't count towards its length.
 * Production refuses a missing, default or short one. Development falls back on the default, with a warning, where there
 * is none; and refuses a short one.
 */
export function checkSecretKey(value: string | undefined, environment: Environment): SecretKeyCheck {
  const key = value?.trim() || undefined;
  if (environment === 'production') {
    const weak = key === undefined || key === DEFAULT_SECRET_KEY || key.length < SECRET_KEY_MIN_LENGTH;
    return weak ? { problem: SECRET_KEY_REFUSAL } : { key };
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
