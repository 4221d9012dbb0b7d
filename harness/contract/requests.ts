import { readFileSync } from 'node:fs';
import type { Contract } from './contract.ts';
import { ENV_PREFIX, fillTexts } from './placeholders.ts';
import { answeredBy } from './schema/answers.ts';
import type { Authentication } from './schema/authentication.ts';
import { fallbackOf, type PromisedFallback, servedWithoutOf } from './schema/fallback.ts';
import { workedBy } from './schema/finishes-later.ts';
import { faultAt, faultNamed, type NamedFault, type PromisedAnswer, promisedAnswer } from './schema/on-fault.ts';
import { worthlessOf } from './worthless.ts';

type Endpoint = Contract['endpoints'][string];

/** An upload as passed to a script. Its content is plain text, or Base64 if it comes from a file. */
export type Upload = Omit<NonNullable<Endpoint['file']>, 'path'> & { base64?: string };

/**
 * An endpoint as passed to a script, with the variables of proofload's environment filled in and the contents of files
 * included.
 */
export type Callable = Omit<Endpoint, 'file' | 'authenticated' | 'onFault' | 'fallback' | 'finishesLater'> & {
  file?: Upload;
  authenticated: boolean;
  /** The faults of each upstream for which the contract promises an answer. */
  onFault: readonly (PromisedFault & { readonly upstream: string })[];
  fallback?: ScriptFallback;
  /** The work that it accepts while an upstream fails, with the upstreams that get it. */
  finishesLater?: NonNullable<Endpoint['finishesLater']> & { upstreams: readonly string[] };
  /** The upstreams whose answers its callers get. */
  answeredBy: readonly string[];
  /** The kinds of invalid credentials that it must reject. */
  worthless: readonly string[];
};

/** A fault for which the contract promises an answer: its name there, and the fault as a script sets it. */
interface PromisedFault extends Pick<PromisedAnswer, 'withinSeconds'> {
  readonly name: string;
  readonly fault: NamedFault;
}

/** A fallback as passed to a script: another upstream is called after a failure in `on`, and none after `never`. */
type ScriptFallback = Omit<PromisedFallback, 'on' | 'never'> & {
  on?: readonly PromisedFault[];
  never: readonly PromisedFault[];
};

/** Returns a contract's endpoints as passed to scripts. Their requests may contain secrets. */
export const callable = ({
  endpoints,
  authentication,
}: Pick<Contract, 'endpoints' | 'authentication'>): Record<string, Callable> =>
  Object.fromEntries(Object.entries(endpoints).map(([name, endpoint]) => [name, filled(endpoint, authentication)]));

/** Whether an endpoint reads the row of the ledger that has the text of its request. */
export const readsRow = ({ method, path, query }: Endpoint, key: string): boolean =>
  method === 'GET' && key.includes('${unique}') && [path, ...Object.values(query)].some((text) => text.includes(key));

/** Whether requests to an endpoint have credentials. */
export const isAuthenticated = ({ authenticated, user }: Pick<Endpoint, 'authenticated' | 'user'>): boolean =>
  authenticated ?? user !== undefined;

function filled(endpoint: Endpoint, authentication: Authentication | undefined): Callable {
  const { file, onFault, fallback, finishesLater, ...rest } = fillTexts(endpoint, variable);
  const promised = fallbackOf(fallback);
  const authenticated = authentication !== undefined && isAuthenticated(rest);
  return {
    ...rest,
    authenticated,
    answeredBy: answeredBy(endpoint),
    worthless: authenticated ? worthlessOf(authentication, rest) : [],
    servedWithout: servedWithoutOf({ ...rest, fallback }),
    onFault: [...new Set(rest.reaches)].flatMap((upstream) => promisedFaults(onFault, upstream)),
    ...(promised && { fallback: scriptFallback(promised) }),
    ...(finishesLater && { finishesLater: { ...finishesLater, upstreams: workedBy(endpoint) } }),
    ...(file && { file: withContent(file) }),
  };
}

/** Returns the faults of an upstream for which an endpoint promises an answer. */
function promisedFaults(promises: Endpoint['onFault'], upstream: string): (PromisedFault & { upstream: string })[] {
  const named = Object.keys(promises)
    .map(faultAt)
    .filter((named) => named.upstream === undefined || named.upstream === upstream);
  return [...new Set(named.map(({ fault }) => fault))].map((name) => {
    const { withinSeconds } = promisedAnswer(promises, name, upstream) ?? {};
    return { upstream, name, fault: faultNamed(name), ...(withinSeconds !== undefined && { withinSeconds }) };
  });
}

function scriptFallback({ on, never, ...rest }: PromisedFallback): ScriptFallback {
  const named = (fault: string | number): PromisedFault => ({ name: String(fault), fault: faultNamed(String(fault)) });
  return { ...rest, ...(on && { on: on.map(named) }), never: never.map(named) };
}

function withContent({ path, ...file }: NonNullable<Endpoint['file']>): Upload {
  return path === undefined ? file : { ...file, base64: readFileSync(path).toString('base64') };
}

/** Returns headers with the variables of proofload's environment filled in. */
export const filledHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  fillTexts(headers, variable);

const variable = (name: string): string | undefined =>
  name.startsWith(ENV_PREFIX) ? process.env[name.slice(ENV_PREFIX.length)] : undefined;
