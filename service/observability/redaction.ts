const CENSORED = '[redacted]';

/** Fields of a log line that hold what nobody may read, wherever they stand (to a depth of three). */
export const SECRET_FIELDS = ['authorization', 'cookie', 'password', 'token', 'apiKey', 'secretKey', 'SECRET_KEY']
  .flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
  .concat(['*["set-cookie"]', '*.*["set-cookie"]']);

/** What looks like a credential: in an Authorization header, as a JWT, and the password of a URL. */
const CREDENTIALS =
  /(\b(?:Bearer|Basic|Token) +)[\w.~+/=-]{16,}|\beyJ[\w-]+\.[\w-]+\.[\w-]*|(\b[a-z][a-z+]*:\/\/[^\s:/@"]*:)[^\s@"]+(?=@)/gi;

/** Too short a secret stands for anything: to take it out would make the log unreadable and give it away. */
const SHORTEST_SECRET = 6;

/**
 * Makes a function that takes credentials out of a line of the log, whatever field or message they stand in, in the
 * messages of errors and of their causes too: the given secrets, and what looks like one.
 */
export function createRedaction(secrets: readonly string[]): (line: string) => string {
  const spellings = secrets.filter(({ length }) => length >= SHORTEST_SECRET).flatMap(spellingsOf);
  // The longest first: a secret may be a part of another.
  const literals = [...new Set(spellings)].toSorted((a, b) => b.length - a.length).map(RegExp.escape);
  const known = literals.length > 0 ? new RegExp(literals.join('|'), 'g') : undefined;
  return (line) => {
    const told = known ? line.replace(known, CENSORED) : line;
    return told.replace(CREDENTIALS, (_, scheme = '', url = '') => `${scheme}${url}${CENSORED}`);
  };
}

/** How a secret may be written: as it is, in a URL, and either within JSON. */
function spellingsOf(secret: string): string[] {
  return [secret, encodeURIComponent(secret)].flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]);
}
