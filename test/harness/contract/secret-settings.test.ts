import { expect, test } from 'vitest';
import { secrets } from '../../../harness/base/secrets.ts';
import { contractSchema } from '../../../harness/contract/contract.ts';
import { hideSettings } from '../../../harness/contract/secret-settings.ts';
import reference from '../../../service/proofload.config.ts';

const contract = contractSchema.parse({
  ...reference,
  start: { ...reference.start, command: ['serve', '--key=${env.OF_COMMAND}'] },
  environment: {
    UPSTREAM_KEY: 'Bearer ${env.OF_ENVIRONMENT}',
    MODE: '${env.OF_CONTRACT}',
    PIN: '${env.SHORT}',
    PASSWORD: 'pw4x-of-setting',
    API_KEY: 'literal-$${key}',
    REGION: 'literal-region',
    TOKENS_ENABLED: 'true',
  },
  conditions: { busy: { QUEUE: '${env.OF_CONDITION}' } },
  profiles: { fast: { environment: { STORE: '${env.OF_PROFILE}' } } },
});

const environment = {
  OF_COMMAND: 'value-of-command',
  OF_ENVIRONMENT: 'value-of-environment',
  OF_CONDITION: 'value-of-condition',
  OF_PROFILE: 'redis://:value@store/1',
  OF_CONTRACT: 'conversation_events',
  SHORT: '1234',
  OF_NOTHING: 'value-of-nothing',
};

test('values that a service takes from the environment are hidden, wherever the contract mentions them', () => {
  hideSettings(contract, environment);
  for (const name of ['OF_COMMAND', 'OF_ENVIRONMENT', 'OF_CONDITION', 'OF_PROFILE'] as const) {
    expect(secrets.redact(`<${environment[name]}>`)).toBe('<REDACTED>');
  }
  expect(secrets.redact(environment.OF_NOTHING)).toBe(environment.OF_NOTHING);
});

test("values in the names of a request's fields are hidden as well", () => {
  const { health } = contract.endpoints;
  const endpoints = { ...contract.endpoints, health: { ...health, query: { '${env.OF_NAME}': '' } } };
  hideSettings(contractSchema.parse({ ...reference, endpoints }), { OF_NAME: 'value-of-name' });
  expect(secrets.redact('<value-of-name>')).toBe('<REDACTED>');
});

test('a short value is hidden after the name of its setting and its variable', () => {
  hideSettings(contract, environment);
  expect(secrets.redact('PIN=1234 SHORT: 1234, 1234')).toBe('PIN=REDACTED SHORT: REDACTED, 1234');
});

test('a literal value is hidden if the name of its setting looks like a secret', () => {
  hideSettings(contract, environment);
  expect(secrets.redact('pw4x-of-setting literal-${key} literal-region true')).toBe(
    'REDACTED REDACTED literal-region true',
  );
});

test('values in the judged part of the contract are not hidden, because checks compare with them', () => {
  hideSettings(contract, environment);
  expect(secrets.redact('a row in conversation_events')).toBe('a row in conversation_events');
});

test('each key of a list is hidden, as well as its form in Basic authentication', () => {
  hideSettings(
    contractSchema.parse({
      ...reference,
      environment: { CALLERS: 'ada:${env.OF_NOTHING},bob:pw9y-of-bob' },
      authentication: { kind: 'basic', keySetting: 'CALLERS' },
    }),
    environment,
  );
  const basic = Buffer.from('bob:pw9y-of-bob').toString('base64');
  expect(secrets.redact(`ada ${environment.OF_NOTHING} pw9y-of-bob ${basic}`)).toBe('ada REDACTED REDACTED REDACTED');
});

test('secrets of requests are hidden: variables of the environment, and headers with the name of a secret', () => {
  const endpoint = {
    ...reference.endpoints.health,
    text: 'pin ${env.OF_BODY}',
    headers: { 'X-Token': 'literal-token' },
  };
  hideSettings(contractSchema.parse({ ...reference, endpoints: { health: endpoint } }), { OF_BODY: 'value-of-body' });
  expect(secrets.redact('value-of-body literal-token')).toBe('REDACTED REDACTED');
});
