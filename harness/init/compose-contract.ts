import { stringify } from 'yaml';
import type { ContractFile } from '../contract/contract.ts';
import { askAuthentication } from './ask-authentication.ts';
import { askBreakers } from './ask-breakers.ts';
import { askDatabase } from './ask-database.ts';
import { askEndpoints, MAIN } from './ask-endpoints.ts';
import { askLimits } from './ask-limits.ts';
import { askService } from './ask-service.ts';
import { askUpstreams } from './ask-upstreams.ts';
import { callersOf } from './callers-of.ts';
import type { Ask } from './question.ts';

const HEADER = `# What this service promises. "npx proofload schema contract" prints the JSON Schema of the fields.
# The lab fills in \${port}, \${postgres}, \${ca}, \${secret} and \${upstream.…}; \${env.…} is a variable of the shell.
# Whatever is not described is not judged. A run waits for windows and timeouts: if these are long, give the service
# shorter ones in profiles.fast.environment, and write the same numbers here. Next step: npx proofload doctor
`;

/** Asks all questions that apply, and returns a YAML contract for the service. */
export const composeContract = async (ask: Ask): Promise<string> =>
  HEADER + stringify(await askForContract(ask), { lineWidth: 110, aliasDuplicateObjects: false });

async function askForContract(ask: Ask): Promise<ContractFile> {
  const service = await askService(ask);
  const { isRunning, secretSetting, termination } = service;
  // The upstreams of a running service are not the lab's, so nothing about them can be judged.
  const upstreams = isRunning ? { declared: {}, environment: {} } : await askUpstreams(ask);
  const endpoints = await askEndpoints(ask, Object.keys(upstreams.declared));
  const breakers = await askBreakers(ask, upstreams.declared, endpoints);
  const authentication = await askAuthentication(ask, isRunning);
  const limits = await askLimits(ask, { isRunning, authentication: authentication?.authentication });
  const acknowledged = endpoints[MAIN]?.served ?? [];
  const database = service.hasDatabase ? await askDatabase(ask, acknowledged) : { parts: {}, endpoints: {} };
  const callers = callersOf(authentication, { client: limits?.client, isRunning });
  const judged = Object.entries({ ...endpoints, ...breakers.endpoints, ...database.endpoints });
  return {
    name: service.name,
    start: service.start,
    ...(Object.keys(upstreams.declared).length > 0 && { upstreams: upstreams.declared }),
    environment: { ...service.environment, ...upstreams.environment, ...callers.environment },
    ...(Object.keys(service.files).length > 0 && { files: service.files }),
    ...(limits?.off && { conditions: { 'no-rate-limits': limits.off } }),
    endpoints: {
      ...Object.fromEntries(judged.map(([name, endpoint]) => [name, { ...endpoint, ...callers.endpoint }])),
      ...callers.endpoints,
      health: { method: 'GET', path: service.start.readyPath, served: [200] },
    },
    ...(limits && { limiter: { window: limits.window } }),
    ...(Object.keys(breakers.described).length > 0 && { breakers: breakers.described }),
    ...database.parts,
    ...(secretSetting && { secret: secretOf(secretSetting) }),
    ...callers.parts,
    secrecy: {},
    ...(termination && { termination }),
    profiles: {
      fast: {
        ...(limits && { limits: { [MAIN]: { max: limits.max, windowSeconds: limits.windowSeconds } } }),
        ...(Object.keys(breakers.counted).length > 0 && { breakers: breakers.counted }),
        ...(database.pool && { pool: database.pool }),
      },
    },
  };
}

const secretOf = (setting: string) => ({
  setting,
  weak: { unset: null, empty: '', 'too-short': 'short' },
  strong: { '32-characters': 'Zq8-rT2_vL5.xW9+bN4=cM7!kJ3*hG6p' },
  refusal: setting,
});
