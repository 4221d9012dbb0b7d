import { stringify } from 'yaml';
import type { Providers } from '../../faults/fakes/provider.ts';
import { providers } from '../../mocks/providers.ts';
import type { ContractFile } from '../contract/contract.ts';
import type { Answers } from './answers.ts';
import { callerSettings, callersOf, credentialsOf, logInOf } from './callers.ts';

const HEADER = `# What this service promises; the fields are those of the JSON Schema that "proofload schema contract" prints.
# \${port}, \${postgres}, \${ca}, \${secret} and \${upstream.…} are filled in by the lab, \${env.…} from the shell.
# Whatever is not described is not judged. A run waits for windows and timeouts: where these are long, give the service shorter
# ones in profiles.fast.environment, and write the same numbers here. Now: proofload doctor
`;

/** Returns a YAML contract for the service that the answers describe. */
export function composeContract(answers: Answers, known: Providers = providers): string {
  return HEADER + stringify(contractOf(answers, known), { lineWidth: 110 });
}

function contractOf(answers: Answers, known: Providers): ContractFile {
  const { poolMax, poolWaitSeconds, secretSetting, ledgerTable } = answers;
  const breaker = breakerOf(answers, known);
  const hasPool = answers.readEndpoint !== '' && answers.table !== '';
  return {
    name: answers.name,
    start: startOf(answers),
    ...(used(answers).length > 0 && { upstreams: upstreamsOf(answers) }),
    environment: environmentOf(answers),
    ...(answers.noLimits && { conditions: { 'no-rate-limits': settingOf(answers.noLimits) } }),
    endpoints: endpointsOf(answers),
    ...(answers.limit && { limiter: { window: answers.window } }),
    ...(breaker && { breakers: { [breaker.name]: breaker.described } }),
    ...(hasPool && { pool: { table: answers.table, endpoint: 'read', refusal: 503 } }),
    ...(secretSetting && { secret: secretOf(secretSetting) }),
    ...callersOf(answers),
    ...(ledgerTable && {
      ledger: {
        endpoint: 'main',
        table: ledgerTable,
        column: answers.ledgerColumn,
        key: answers.ledgerKey,
        acknowledged: [answers.served],
      },
    }),
    profiles: {
      fast: {
        limits: limitsOf(answers),
        breakers: breaker ? { [breaker.name]: breaker.counted } : {},
        ...(hasPool && { pool: { max: poolMax, acquireTimeoutSeconds: poolWaitSeconds } }),
      },
    },
  };
}

function startOf({ running, log, command, readyPath }: Answers): ContractFile['start'] {
  const ready = { readyPath, readySeconds: 20 };
  return running
    ? { running: { url: running, ...(log && { log }) }, ...ready }
    : { command: command.split(/\s+/), ...ready };
}

function environmentOf(answers: Answers): Record<string, string> {
  const ofCallers = callerSettings(answers);
  // A running service already has its environment. Its key is read from the shell and not written to a file.
  if (answers.running) return ofCallers;
  const settings = [
    [answers.portSetting, '${port}'],
    [answers.databaseSetting, '${postgres}'],
    [answers.secretSetting, '${secret}'],
    ...used(answers).map(({ name, setting }) => [setting, `\${upstream.${name}}`]),
    ['NODE_EXTRA_CA_CERTS', '${ca}'],
    ['SSL_CERT_FILE', '${ca}'],
  ];
  return { ...Object.fromEntries(settings.filter(([name]) => name !== '')), ...ofCallers };
}

/** Each upstream is named after its kind. */
function upstreamsOf(answers: Answers): ContractFile['upstreams'] {
  const declared = used(answers).map(({ name, path }) => [name, { kind: name, ...(path && { basePath: path }) }]);
  return Object.fromEntries(declared);
}

function settingOf(assignment: string): Record<string, string> {
  const [name = '', ...value] = assignment.split('=');
  return { [name]: value.join('=') };
}

function endpointsOf(answers: Answers) {
  const { endpoint, body, served, readEndpoint, readyPath } = answers;
  const reaches = used(answers).map(({ name }) => name);
  const callers = credentialsOf(answers);
  const main = { ...split(endpoint), ...callers, ...(body && { body: JSON.parse(body) }), served: [served], reaches };
  return {
    main,
    ...(readEndpoint && { read: { ...split(readEndpoint), ...callers, served: [200] } }),
    ...logInOf(answers),
    health: { method: 'GET' as const, path: readyPath, served: [200] },
  };
}

type Method = ContractFile['endpoints'][string]['method'];

function split(text: string): { method: Method; path: string } {
  const [method, path = '/'] = text.split(' ');
  return { method: method as Method, path };
}

/** Returns the upstreams that the service calls. */
const used = ({ upstreams }: Answers) =>
  Object.entries(upstreams)
    .filter(([, { setting }]) => setting !== '')
    .map(([name, { setting, path }]) => ({ name, setting, path }));

/**
 * Returns the breaker of the first upstream that normally has one. The main endpoint can't show the state of a second
 * breaker.
 */
function breakerOf(answers: Answers, known: Providers) {
  const { threshold, recoverySeconds } = answers;
  for (const { name: upstream } of used(answers)) {
    const name = known[upstream]?.usage.breaker;
    if (name === undefined) continue;
    const described = { upstream, endpoint: 'main', refusal: 503, failures: [{ kind: 'status', status: 500 }] };
    return { name, described, counted: { threshold, recoverySeconds } };
  }
  return undefined;
}

const secretOf = (setting: string) => ({
  setting,
  weak: { unset: null, empty: '', 'too short': 'short' },
  strong: { '32 characters': 'Zq8-rT2_vL5.xW9+bN4=cM7!kJ3*hG6p' },
  refusal: setting,
});

function limitsOf({ limit }: Answers): NonNullable<ContractFile['profiles'][string]['limits']> {
  const [, max, windowSeconds] = /^(\d+) per (\d+)/.exec(limit) ?? [];
  return max === undefined ? {} : { main: { max: Number(max), windowSeconds: Number(windowSeconds) } };
}
