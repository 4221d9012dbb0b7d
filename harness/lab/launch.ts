import { randomBytes } from 'node:crypto';
import type { Contract, Numbers } from '../contract.ts';
import { ProofloadError } from '../errors.ts';
import { fillEach, fillPlaceholders } from './placeholders.ts';

/** What the lab has for the service: addresses, and the file of the certificate authority. */
export interface Supplies {
  port: number;
  postgres: string;
  upstreams: Record<string, string>;
  ca: string;
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
    ca: supplies.ca,
    secret: randomBytes(32).toString('hex'),
    ...Object.fromEntries(Object.entries(supplies.upstreams).map(([name, url]) => [`upstream.${name}`, url])),
  };
  const inherited = INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
  const settings = Object.assign({}, contract.environment, numbers.environment, ...conditions.map(settingsOf));
  return {
    command: (contract.start.command ?? []).map((word) => fillPlaceholders(word, values)),
    environment: { ...Object.fromEntries(inherited), ...fillEach(settings, values) },
  };

  function settingsOf(condition: string): Record<string, string> {
    const found = contract.conditions[condition];
    if (found) return found;
    const known = Object.keys(contract.conditions).join(', ');
    throw new ProofloadError('SCENARIO_INVALID', `the contract has no condition "${condition}"; it has ${known}`);
  }
}
