import { randomBytes } from 'node:crypto';
import { ProofloadError } from '../base/errors.ts';
import { secrets } from '../base/secrets.ts';
import type { Contract, Numbers } from '../contract/contract.ts';
import { fillEach, fillPlaceholders } from './placeholders.ts';

/** What the lab has for the service: addresses, and the file of the certificate authority. */
export interface Supplies {
  port: number;
  postgres: string;
  /** The database over TLS, and the file of the authority that signs for it; absent where no setting asks for it. */
  postgresTls?: { url: string; ca: string } | undefined;
  upstreams: Record<string, string>;
  ca: string;
  /** A strong key, the same one for all processes that have to take each other's tokens. */
  secret: string;
}

/** A strong key that nobody has used before. */
export function newSecret(): string {
  const secret = randomBytes(32).toString('hex');
  secrets.hide(secret);
  return secret;
}

/** Of the harness's own environment, what every program needs. */
const INHERITED = ['PATH', 'HOME', 'USER', 'LANG', 'TZ', 'TMPDIR'];

/** How a service's process is started. */
export interface Launch {
  command: string[];
  /** The process's whole environment. */
  environment: Record<string, string>;
}

/**
 * The command of a service's process, and its whole environment: the contract's, the profile's, the conditions', in this
 * order.
 *
 * @throws ProofloadError SCENARIO_INVALID where the contract has no such condition.
 */
export function launchOf(
  contract: Contract,
  numbers: Numbers,
  conditions: readonly string[],
  supplies: Supplies,
): Launch {
  const values = {
    port: String(supplies.port),
    postgres: supplies.postgres,
    ...(supplies.postgresTls && {
      'postgres.tls': verifiedUrl(supplies.postgresTls),
      'postgres.ca': supplies.postgresTls.ca,
    }),
    ca: supplies.ca,
    secret: supplies.secret,
    ...Object.fromEntries(Object.entries(supplies.upstreams).map(([name, url]) => [`upstream.${name}`, url])),
  };
  const inherited = INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
  const settings = settingsOf(contract, numbers, conditions);
  return {
    command: (contract.start.command ?? []).map((word) => fillPlaceholders(word, values)),
    environment: { ...Object.fromEntries(inherited), ...fillEach(settings, values) },
  };
}

/** The parameters are libpq's, which most drivers read. A path may hold what means something else in a URL, such as a plus. */
const verifiedUrl = ({ url, ca }: { url: string; ca: string }): string =>
  `${url}?sslmode=verify-full&sslrootcert=${encodeURIComponent(ca)}`;

/** Whether a service started so asks for its database over TLS. @throws as `launchOf` */
export const asksForTls = (contract: Contract, numbers: Numbers, conditions: readonly string[]): boolean =>
  Object.values(settingsOf(contract, numbers, conditions)).some((value) => value.includes('${postgres.tls}'));

function settingsOf(contract: Contract, numbers: Numbers, conditions: readonly string[]): Record<string, string> {
  const wanted = conditions.map((condition) => {
    const found = contract.conditions[condition];
    if (found) return found;
    const known = Object.keys(contract.conditions).join(', ');
    throw new ProofloadError('SCENARIO_INVALID', `the contract has no condition "${condition}"; it has ${known}`);
  });
  return Object.assign({}, contract.environment, numbers.environment, ...wanted);
}
