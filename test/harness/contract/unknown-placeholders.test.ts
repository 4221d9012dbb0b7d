import { expect, test } from 'vitest';
import { contractSchema } from '../../../harness/contract/contract.ts';
import { unknownPlaceholders } from '../../../harness/contract/unknown-placeholders.ts';

const PLAIN = {
  name: 'notes',
  start: { command: ['serve'], readyPath: '/', readySeconds: 1 },
  endpoints: { notes: { method: 'GET', path: '/', served: [200], authenticated: true } },
  profiles: { fast: {} },
};

const LAB =
  '${port}, ${postgres}, ${postgres.host}, ${postgres.port}, ${postgres.user}, ${postgres.password}, ' +
  '${postgres.database}, ${postgres.tls}, ${postgres.ca}, ${folder}, ${ca}, ${secret}, ${keys}, ${users}, ${otlp}';

/** Returns the problems with a contract that has these parts, as "path: message". */
function problems(parts: object): string[] {
  const contract = contractSchema.parse({ ...PLAIN, ...parts });
  return unknownPlaceholders(contract).map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
}

test('the values of the lab are known in commands, settings and files, and settings in files', () => {
  const known = LAB.replaceAll(',', '');
  expect(
    problems({
      start: { ...PLAIN.start, command: ['serve', known] },
      environment: { A: known, B: '${upstream.llm.host} ${env.HOME}' },
      conditions: { 'no-breakers': { A: known } },
      profiles: { fast: { environment: { C: known } } },
      files: { 'a.conf': `${known} \${setting.A} \${setting.C} $\${host}` },
    }),
  ).toEqual([]);
});

const PREFIXES = '${upstream.NAME}, ${env.NAME}; for the text ${, write $${';

test.each([
  [{ files: { 'nginx.conf': 'Host ${host}' } }, `files.nginx.conf: \${host} is unknown; allowed: ${LAB}, ${PREFIXES}`],
  [{ environment: { A: '${redis}' } }, `environment.A: \${redis} is unknown; allowed: ${LAB}, ${PREFIXES}`],
  [
    { environment: { A: '1' }, files: { 'a.conf': '${setting.B}' } },
    `files.a.conf: \${setting.B} is unknown; allowed: ${LAB}, \${setting.A}, ${PREFIXES}`,
  ],
  [{ environment: { A: '${setting.A}' } }, `environment.A: \${setting.A} is unknown; allowed: ${LAB}, ${PREFIXES}`],
  [
    { conditions: { 'no-breakers': { A: '1' } }, files: { 'a.conf': '${setting.A}' } },
    `files.a.conf: \${setting.A} is unknown; allowed: ${LAB}, ${PREFIXES}`,
  ],
])('in %j, the name is refused', (parts, problem) => {
  expect(problems(parts)).toEqual([problem]);
});

test('the address of public keys is known only if the lab signs the tokens', () => {
  const environment = { KEYS_URL: '${jwks}', ISSUER: '${issuer}' };
  expect(problems({ environment }).map((one) => one.slice(0, 28))).toEqual([
    'environment.KEYS_URL: ${jwks',
    'environment.ISSUER: ${issuer',
  ]);
  expect(problems({ environment, authentication: { kind: 'bearer-jwt-rs256' } })).toEqual([]);
});
