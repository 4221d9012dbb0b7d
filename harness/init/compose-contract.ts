import { Document, isCollection, isMap, isScalar, isSeq, visit } from 'yaml';
import type { ContractFile } from '../contract/contract.ts';
import { path } from './answers.ts';
import { askAuthentication } from './ask-authentication.ts';
import { askBreakers } from './ask-breakers.ts';
import { askDatabase } from './ask-database.ts';
import { askEndpoints, type Endpoint, nameOf, type Observe } from './ask-endpoints.ts';
import { askLimits } from './ask-limits.ts';
import { askService } from './ask-service.ts';
import { askUpstreams } from './ask-upstreams.ts';
import { callersOf } from './callers-of.ts';
import type { Interviewer } from './question.ts';
import { withTrustStore } from './trust-store.ts';

const HEADER = `# What this service promises. "npx proofload schema contract" prints the JSON Schema of the fields.
# The lab fills in \${port}, \${postgres}, \${ca}, \${secret} and \${upstream.…}; \${env.…} is a variable of the shell.
# Whatever is not described is not judged. The profile "fast" has short times, and the settings with which the service
# has them, so that a run does not wait for long windows and timeouts.
`;

/**
 * Looks at the service with these parts of its contract, so that the interviewer knows more: what serves at its
 * address, and how endpoints respond. Does nothing if the service can't be started.
 */
export interface Look {
  /** Starts the service, or finds the running one. */
  start(contract: ContractFile): Promise<void>;
  /** Calls an endpoint of the service. */
  call: Observe;
  /**
   * Looks whether a call to these upstreams is attempted as often as their descriptions say.
   *
   * @returns The names of those for which something else was seen.
   */
  tryAttempts(
    endpoints: Readonly<Record<string, Endpoint>>,
    upstreams: NonNullable<ContractFile['upstreams']>,
  ): Promise<readonly string[]>;
  /** Opens the breakers in front of these upstreams. */
  openBreakers(endpoints: Readonly<Record<string, Endpoint>>, upstreams: readonly string[]): Promise<void>;
  /** Looks whether the limits that were found refuse calls. */
  tryLimits(endpoints: Readonly<Record<string, Endpoint>>): Promise<void>;
}

/** Asks all questions that apply, and returns a YAML contract for the service. */
export const composeContract = async (interviewer: Interviewer, look: Look): Promise<string> =>
  HEADER + written(await askForContract(interviewer, look));

/** Returns a contract as YAML, with short parts in a line of their own. */
function written(contract: ContractFile): string {
  const document = new Document(contract, { aliasDuplicateObjects: false });
  visit(document, {
    Collection(_, node) {
      const isPlain = (value: unknown): boolean => !isCollection(value) || (isCollection(value) && value.flow === true);
      const values = isMap(node) ? node.items.map(({ value }) => value) : isSeq(node) ? node.items : [];
      const isLong = JSON.stringify(node).length > LONG;
      if (
        !isLong &&
        (isSeq(node) || values.length <= 4) &&
        values.every((value) => isScalar(value) || isSeq(value)) &&
        values.every(isPlain)
      )
        node.flow = true;
    },
  });
  return document.toString({ lineWidth: 110 });
}

/** From this many characters on, a part of a contract gets several lines. */
const LONG = 70;

async function askForContract(interviewer: Interviewer, look: Look): Promise<ContractFile> {
  const { ask } = interviewer;
  const service = await askService(interviewer);
  const { isRunning, secretSetting, termination } = service;
  // The upstreams of a running service are not the lab's, so nothing about them can be judged.
  const upstreams = isRunning ? { declared: {}, environment: {} } : await askUpstreams(interviewer);
  const started = upstreams.needsTrustStore ? withTrustStore(service.start) : service.start;
  // The first build takes long.
  const readySeconds = /\b(go (build|run)|mvn|gradle\w*|tsc|npm)\b/.test(started.command?.join(' ') ?? '') ? 90 : 20;
  const partly: ContractFile = {
    name: service.name,
    start: { ...started, readyPath: '/', readySeconds },
    ...(Object.keys(upstreams.declared).length > 0 && { upstreams: upstreams.declared }),
    ...(service.database && { database: service.database }),
    environment: { ...service.environment, ...upstreams.environment },
    ...(Object.keys(service.files).length > 0 && { files: service.files }),
    endpoints: { health: { method: 'GET', path: '/', served: [200] } },
    profiles: { fast: {} },
  };
  await look.start(partly);
  const readyPath = await ask({
    name: 'readyPath',
    title: 'Ready path',
    ask: 'Which path returns 2xx once it is ready?',
    answer: path,
    guess: '/health',
  });
  const authentication = await interviewer.orLeaveOut('how requests authenticate', () =>
    askAuthentication(ask, isRunning),
  );
  const proving = callersOf(authentication, { client: undefined, isRunning });
  if (authentication)
    await look.start({ ...partly, environment: { ...partly.environment, ...proving.environment }, ...proving.parts });
  const endpoints = await askEndpoints(interviewer, {
    upstreams: Object.keys(upstreams.declared),
    readyPath,
    observe: look.call,
  });
  for (const upstream of await look.tryAttempts(endpoints, upstreams.declared))
    delete upstreams.declared[upstream]?.calls;
  await look.openBreakers(endpoints, Object.keys(upstreams.declared));
  const breakers = await askBreakers(interviewer, upstreams.declared, endpoints, look.call);
  await look.tryLimits(endpoints);
  const limits = await askLimits(interviewer, { isRunning, authentication: authentication?.authentication, endpoints });
  const database = service.hasDatabase
    ? await askDatabase(interviewer, { ...endpoints, ...breakers.endpoints })
    : undefined;
  const callers = callersOf(authentication, { client: limits?.client, isRunning });
  const judged = Object.entries({ ...endpoints, ...breakers.endpoints, ...database?.endpoints });
  const described = Object.keys(breakers.described).length > 0;
  const fast = {
    ...(limits && { limits: limits.fast.counted }),
    ...(described && { breakers: breakers.fast.counted }),
    ...(database?.pool && { pool: database.pool }),
  };
  const usual = {
    ...(limits && { limits: limits.counted }),
    ...(described && { breakers: breakers.counted }),
    ...(database?.pool && { pool: database.pool }),
  };
  const shorter = { ...limits?.fast.environment, ...breakers.fast.environment };
  const { name, upstreams: declared, files, database: tables } = partly;
  const ready = { method: 'GET', path: readyPath } as const;
  const health = nameOf(Object.fromEntries(judged), ready);
  return {
    name,
    start: { ...started, readyPath, readySeconds },
    ...(declared && { upstreams: declared }),
    ...(tables && { database: tables }),
    environment: { ...partly.environment, ...callers.environment },
    ...(files && { files }),
    ...(limits?.off && { conditions: { 'no-rate-limits': limits.off } }),
    endpoints: {
      ...Object.fromEntries(judged.map(([name, endpoint]) => [name, { ...endpoint, ...callers.endpoint }])),
      ...callers.endpoints,
      ...(health === undefined && { health: { ...ready, served: [200] } }),
    },
    ...(health !== undefined && { health }),
    ...(limits && { limiter: { window: limits.window } }),
    ...(described && { breakers: breakers.described }),
    ...database?.parts,
    ...(secretSetting && { secret: secretOf(secretSetting) }),
    ...callers.parts,
    secrecy: {},
    ...(termination && { termination }),
    profiles: {
      fast: { ...(Object.keys(shorter).length > 0 && { environment: shorter }), ...fast },
      ...(Object.keys(shorter).length > 0 && { production: usual }),
    },
  };
}

const secretOf = (setting: string) => ({
  setting,
  weak: { unset: null, empty: '', 'too-short': 'short' },
  strong: { '32-characters': 'Zq8-rT2_vL5.xW9+bN4=cM7!kJ3*hG6p' },
  refusal: setting,
});
