import { createHmac, randomBytes } from 'node:crypto';
import { entryOf } from '../../base/entry-of.ts';
import { ProofloadError } from '../../base/errors.ts';
import { secrets } from '../../base/secrets.ts';
import type { Contract, Numbers } from '../../contract/contract.ts';
import { generatedKeys } from '../../contract/credentials.ts';
import { commandWords } from '../../contract/filled-texts.ts';
import {
  ENV_PREFIX,
  fillText,
  type LabValue,
  notSet,
  placeholdersIn,
  SETTING_PREFIX,
  unknownPlaceholder,
} from '../../contract/placeholders.ts';
import { upstreamAddresses } from '../../contract/upstream-addresses.ts';

/** Everything that the lab provides to a service: addresses, certificate files and a secret. */
export interface Supplies {
  port: number;
  /** Absent if the contract doesn't use it. */
  postgres?: string | undefined;
  /** The database URL with TLS, and the path to the CA certificate. Absent if no setting uses it. */
  postgresTls?: { url: string; ca: string } | undefined;
  /** The upstreams' origins. */
  upstreams: Record<string, string>;
  ca: string;
  /** The URL of the proxy for hosts that are fixed in the service's code. Absent if there are none. */
  proxy?: string | undefined;
  /** An empty folder for this process. */
  folder: string;
  /** A strong key. All processes that have to accept each other's tokens share it. */
  secret: string;
  /** The lab's token issuer, if the lab signs the service's tokens. */
  issuer?: { url: string; jwks: string } | undefined;
  /** When a day of the service ends, in whole seconds as milliseconds since the epoch. Absent if no setting moves it. */
  dayEndsAt?: number | undefined;
  /** The URL at which the lab receives telemetry. Absent if the service sends none. */
  otlp?: string | undefined;
}

/** Creates a new strong key. */
export function newSecret(): string {
  const secret = randomBytes(32).toString('hex');
  secrets.hide(secret);
  return secret;
}

/** Returns the secret part of all generated caller keys. The service's own key can't be derived from it. */
function callerSecret(secret: string): string {
  const derived = createHmac('sha256', secret).update('keys of callers').digest('hex').slice(0, 32);
  secrets.hide(derived);
  return derived;
}

/** The variables that all programs inherit from the harness's environment. */
const INHERITED = ['PATH', 'HOME', 'USER', 'LANG', 'TZ', 'TMPDIR'];

/** How to launch a service process. */
export interface Launch {
  /** Empty in a container that has its own command. */
  command: string[];
  /** The commands of further processes, by name. */
  workers?: Record<string, string[]>;
  /** The process's complete environment. */
  environment: Record<string, string>;
  /** The folder in which the commands run. Defaults to the working directory. */
  cwd?: string;
  /** The container in which the commands run. */
  container?: Container;
}

/** A container of the service. */
export interface Container {
  image?: string | undefined;
  /** The absolute path of a Dockerfile. */
  dockerfile?: string | undefined;
  /** The files and folders of this machine that the service needs, which have the same paths in the container. */
  mounts: string[];
}

/** A launch, and the files that it needs. */
export interface PreparedLaunch extends Launch {
  /** The files in the process's folder: the content by name. */
  files: Record<string, string>;
}

/**
 * Returns the command and the complete environment for a service process. Settings in conditions take precedence over
 * those in the profile, which take precedence over those in the contract. Files contain the resulting settings.
 *
 * @param changes Settings that take precedence over all others. null removes a setting.
 * @throws ProofloadError SCENARIO_INVALID if the contract does not contain a condition
 */
export function launchOf(
  contract: Contract,
  numbers: Numbers,
  conditions: readonly string[],
  supplies: Supplies,
  changes: Readonly<Record<string, string | null>> = {},
): PreparedLaunch {
  const values: Partial<Record<LabValue, string>> = {
    port: String(supplies.port),
    ...(supplies.postgres !== undefined && { postgres: supplies.postgres, ...partsOf(supplies.postgres) }),
    folder: supplies.folder,
    ...(supplies.postgresTls && {
      'postgres.tls': verifiedUrl(supplies.postgresTls),
      'postgres.ca': supplies.postgresTls.ca,
    }),
    ca: supplies.ca,
    ...(supplies.proxy !== undefined && { proxy: supplies.proxy }),
    secret: supplies.secret,
    ...(supplies.otlp !== undefined && { otlp: supplies.otlp }),
    ...(supplies.dayEndsAt !== undefined && dayValues(supplies.dayEndsAt)),
    ...(supplies.issuer && { issuer: supplies.issuer.url, jwks: supplies.issuer.jwks }),
    ...generatedKeys(callerSecret(supplies.secret)),
  };
  const filled = { ...values, ...upstreamAddresses(contract, supplies.upstreams) };
  const inherited = INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
  const settings = { ...fillEach(settingsOf(contract, numbers, conditions), filled), ...changes };
  const placed = Object.entries(settings).map(([name, value]) => [`${SETTING_PREFIX}${name}`, value ?? '']);
  const { cwd, container, command = [], workers = {} } = contract.start;
  const filledWords = (words: readonly string[]) => words.map((word) => fillPlaceholders(word, filled));
  return {
    ...(cwd !== undefined && { cwd }),
    ...(container && { container: { ...container, mounts: mountsOf(supplies) } }),
    command: filledWords(command),
    workers: Object.fromEntries(Object.entries(workers).map(([name, words]) => [name, filledWords(words)])),
    environment: withoutNulls({ ...(container ? {} : Object.fromEntries(inherited)), ...settings }),
    files: fillEach(contract.files, { ...filled, ...Object.fromEntries(placed) }),
  };
}

const DAY_MS = 86_400_000;

/** Returns how far to move a clock so that it shows midnight (UTC) at a time, and this time of day. */
const dayValues = (endsAt: number) => ({
  'day.offset': String((DAY_MS - (endsAt % DAY_MS)) / 1_000),
  'day.ends': new Date(endsAt).toISOString().slice(11, 19),
});

const mountsOf = ({ folder, ca, postgresTls }: Supplies): string[] => [
  folder,
  ca,
  ...(postgresTls ? [postgresTls.ca] : []),
];

/** Returns the parts of a database URL, for services that read each of them from its own setting, as with JDBC. */
function partsOf(postgres: string) {
  const { hostname, port, username, password, pathname } = new URL(postgres);
  return {
    'postgres.host': hostname,
    'postgres.port': port,
    'postgres.user': decodeURIComponent(username),
    'postgres.password': decodeURIComponent(password),
    'postgres.database': decodeURIComponent(pathname.slice(1)),
  };
}

/**
 * Uses libpq's parameters, which most drivers understand. The path is encoded because it may contain characters such as
 * `+`.
 */
const verifiedUrl = ({ url, ca }: { url: string; ca: string }): string =>
  `${url}?sslmode=verify-full&sslrootcert=${encodeURIComponent(ca)}`;

/**
 * Whether the service's commands, files or settings contain one of the lab's values.
 *
 * @throws The same errors as `launchOf`
 */
export const asksFor = (
  values: readonly LabValue[],
  contract: Contract,
  numbers: Numbers,
  conditions: readonly string[],
): boolean =>
  [
    ...commandWords(contract.start).map(({ text }) => text),
    ...Object.values(contract.files),
    ...Object.values(settingsOf(contract, numbers, conditions)),
  ].some((text) => placeholdersIn(text).some((name) => (values as readonly string[]).includes(name)));

function withoutNulls(settings: Record<string, string | null>): Record<string, string> {
  const set = Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.fromEntries(set);
}

function settingsOf(contract: Contract, numbers: Numbers, conditions: readonly string[]): Record<string, string> {
  const wanted = conditions.map((condition) => {
    const found = entryOf(contract.conditions, condition);
    if (found) return found;
    const known = Object.keys(contract.conditions).join(', ');
    throw new ProofloadError('SCENARIO_INVALID', `the contract has no condition "${condition}"; allowed: ${known}`);
  });
  return Object.assign({}, contract.environment, numbers.environment, ...wanted);
}

/**
 * Replaces `${name}` in a text with a value from the lab, `${env.NAME}` with a variable from the harness's environment,
 * and `$${` with `${`.
 *
 * @throws ProofloadError CONTRACT_INVALID if a name is unknown
 */
const fillPlaceholders = (text: string, values: Record<string, string>): string =>
  fillText(text, (name) => {
    const variable = name.startsWith(ENV_PREFIX) ? name.slice(ENV_PREFIX.length) : undefined;
    const value = variable === undefined ? values[name] : process.env[variable];
    if (value !== undefined) return value;
    if (variable !== undefined) throw invalid(notSet(variable));
    throw invalid(unknownPlaceholder(name, [...Object.keys(values), `${ENV_PREFIX}NAME`]));
  });

const fillEach = (environment: Record<string, string>, values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fillPlaceholders(value, values)]));

const invalid = (why: string) => new ProofloadError('CONTRACT_INVALID', why);
