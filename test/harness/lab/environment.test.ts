import { expect, test } from 'vitest';
import { serviceEnvironment } from '../../../harness/lab/environment.ts';
import { facts } from '../../support/history.ts';

const { contract, numbers } = facts();
const supplies = {
  port: 1234,
  postgres: 'postgresql://u:p@127.0.0.1:5432/d',
  upstreams: { groq: 'https://127.0.0.1:1', mem0: 'https://127.0.0.1:2' },
  ca: '/ca.pem',
};

test("fills in what the lab has, and lets the profile's and the conditions' settings win", () => {
  const environment = serviceEnvironment(contract, numbers, ['no-rate-limits'], supplies);
  expect(environment).toMatchObject({
    PORT: '1234',
    DATABASE_URL: supplies.postgres,
    GROQ_BASE_URL: supplies.upstreams.groq,
    NODE_EXTRA_CA_CERTS: '/ca.pem',
    DATABASE_POOL_MAX: '5',
    RATE_LIMIT_ENABLED: 'false',
    SECRET_KEY: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test("hands on nothing of the harness's own environment but what every program needs", () => {
  process.env.NODE_TLS_REJECT_UNAUTHORIZED_FOR_TEST = '0';
  const environment = serviceEnvironment(contract, numbers, [], supplies);
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED_FOR_TEST;
  expect(environment).not.toHaveProperty('NODE_TLS_REJECT_UNAUTHORIZED_FOR_TEST');
  expect(environment).toHaveProperty('PATH');
});

test('refuses a condition that the contract does not have', () => {
  expect(() => serviceEnvironment(contract, numbers, ['on-the-moon'], supplies)).toThrow(
    'the contract has no condition "on-the-moon"; it has no-rate-limits',
  );
});

test('refuses a placeholder that stands for nothing', () => {
  const other = { ...contract, environment: { X: '${redis}' } };
  expect(() => serviceEnvironment(other, numbers, [], supplies)).toThrow(
    /\$\{redis\} is nothing that the lab has; it has port/,
  );
});
