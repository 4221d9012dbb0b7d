const CENSORED = '[redacted]';

/** Names of log fields that contain secrets. They are redacted up to a depth of three. */
export const SECRET_FIELDS = ['authorization', 'cookie', 'password', 'token', 'apiKey', 'secretKey', 'SECRET_KEY']
  .flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
  .concat(['*["set-cookie"]', '*.*["set-cookie"]']);

/** Patterns of credentials: Authorization headers, JWTs, and passwords in URLs. */
const CREDENTIALS =
  /(\b(?:Bearer|Basic|Token) +)[\w.~+/=-]{16,}|\beyJ[\w-]+\.[\w-]+\.[\w-]*|(\b[a-z][a-z+]*:\/\/[^\s:/@"]*:)[^\s@"]+(?=@)/gi;

/** Short secrets are not replaced, because they would match unrelated text and the replacements would reveal them. */
const SHORTEST_SECRET = 6;

/**
 * Returns a function that removes credentials from a log line: the given secrets and everything that looks like a
 * credential, in any field, message or cause.
 */
export function createRedaction(secrets: readonly string[]): (line: string) => string {
  const spellings = secrets.filter(({ length }) => length >= SHORTEST_SECRET).flatMap(spellingsOf);
  // Start with the longest, because one secret may contain another.
  const literals = [...new Set(spellings)].toSorted((a, b) => b.length - a.length).map(RegExp.escape);
  const known = literals.length > 0 ? new RegExp(literals.join('|'), 'g') : undefined;
  return (line) => {
    const redacted = known ? line.replace(known, CENSORED) : line;
    return redacted.replace(CREDENTIALS, (_, scheme = '', url = '') => `${scheme}${url}${CENSORED}`);
  };
}

/** Returns all spellings of a secret: plain and URL-encoded, each also escaped for JSON. */
function spellingsOf(secret: string): string[] {
  return [secret, encodeURIComponent(secret)].flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]);
}
