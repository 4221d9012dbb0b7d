/** What a service's log can say about why it does not work, with the line of the contract to change. */
interface Reason {
  readonly pattern: RegExp;
  /** Says it in words. Gets the first group that matched, if one did. */
  readonly words: (what: string | undefined) => string;
}

const SCHEMA =
  'Write how the database is made: `database: { schema: schema.sql }` or `database: { migrate: [COMMAND] }`.';
/** The first one that matches a line is its reason. Texts of PostgreSQL, MySQL, SQLite, and of languages and their clients. */
const REASONS: readonly Reason[] = [
  {
    pattern: /extension "([\w-]+)" is not available|extension control file "[^"]*?([\w-]+)\.control"/,
    words: (name) => `the database has no extension "${name}". Use a server that has it: \`--postgres URL\`.`,
  },
  {
    pattern:
      /type "(vector|citext|hstore|geometry|geography|ltree)" does not exist|function (\w+)\(.*\) does not exist/,
    words: (name) =>
      `the database lacks "${name}", which an extension or a migration brings. Write CREATE EXTENSION in a file of \`database.schema\`.`,
  },
  {
    pattern:
      /column "?([\w.]+)"? (?:of relation "\w+" )?does not exist|Unknown column '([\w.]+)'|no such column: ([\w.]+)/i,
    words: (column) =>
      `the database has no column "${column}": its schema is not the one that the service needs. ${SCHEMA}`,
  },
  {
    pattern:
      /(?:relation|table|view) ["`]?([\w.]+)["`]? does not exist|no such table: ([\w.]+)|Table '([\w.]+)' doesn't exist/i,
    words: (table) => `the database has no table "${table}". ${SCHEMA}`,
  },
  {
    pattern: /role "([\w-]+)" does not exist/,
    words: (role) =>
      `the database has no role "${role}". Use the lab's user (\`\${postgres}\` in \`environment\`), or create the role in a file of \`database.schema\`.`,
  },
  {
    pattern: /database "([\w-]+)" does not exist|password authentication failed for user "([\w-]+)"/,
    words: (name) =>
      `the service uses "${name}", which is not the lab's database. Let its setting in \`environment\` be \`\${postgres}\`.`,
  },
  {
    pattern: /SSL is not enabled on the server|server does not support SSL/i,
    words: () =>
      'its driver demands TLS from the database, as lib/pq does by default. Write `${postgres}?sslmode=disable` in `environment`, or `${postgres.tls}` if it must verify TLS.',
  },
  {
    pattern:
      /Cannot find (?:module|package) '([^']+)'|No module named '?([\w.]+)'?|cannot load such file -- ([\w./-]+)|ClassNotFoundException: ([\w.$]+)/,
    words: (name) =>
      `the module ${name} is missing. Install it, or start the service as its team does in \`start.command\` (the interpreter of a virtual environment, \`bundle exec\`).`,
  },
  {
    pattern:
      /self[- ]signed certificate|unable to (?:verify the first|get local issuer) certificate|certificate[ _]verify[ _]failed|PKIX path building failed|certificate signed by unknown authority|UnknownIssuer/i,
    words: () =>
      "it does not trust the lab's certificates. Give it `${ca}` in `environment`, in the variable that its client reads: NODE_EXTRA_CA_CERTS (Node), SSL_CERT_FILE (Go, Ruby, Python), REQUESTS_CA_BUNDLE (requests), or in a trust store (Java).",
  },
  {
    pattern: /EADDRINUSE.*:(\d+)|address already in use/i,
    words: (port) =>
      `another process has ${port === undefined ? 'its port' : `port ${port}`}. Let it listen on the lab's port: \`environment: { PORT: "\${port}" }\`, or an argument of \`start.command\`.`,
  },
  {
    pattern:
      /ECONNREFUSED ([\w.:[\]]+)|dial tcp ([\w.:[\]]+): connect: connection refused|connection to server at (.+?) failed: Connection refused|connection refused/i,
    words: (address) =>
      `nothing listens at ${address ?? 'an address that it calls'}. Let its setting in \`environment\` be \`\${postgres}\`, or \`\${upstream.NAME}\` of an entry of \`upstreams\`.`,
  },
];

/**
 * Returns why a service does not work, in words, with the contract's line to change: the first reason that its log names.
 * Returns undefined if it names none that is known.
 *
 * @param lines Lines of its log, without secrets.
 */
export function reasonIn(lines: readonly string[]): string | undefined {
  // Logs as JSON escape quotes.
  const texts = lines.map((line) => line.replaceAll('\\"', '"'));
  for (const text of texts) {
    for (const { pattern, words } of REASONS) {
      const match = pattern.exec(text);
      if (match) return `The log says why: ${words(match.slice(1).find(Boolean))}`;
    }
  }
  return undefined;
}
