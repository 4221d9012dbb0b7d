import { expect, test } from 'vitest';
import { cleanEnvironment } from './clean-environment.ts';

test('tests keep the machine’s variables and none of the settings of their environment', () => {
  const machine = { PATH: '/bin', HOME: '/root', LANG: 'tr_TR.UTF-8', npm_config_registry: 'https://example.test/' };
  const settings = {
    ENGINE: 'k6',
    K6_BIN: '/k6',
    K6_VUS: '9',
    SEED: '1',
    NO_COLOR: '1',
    CI: 'true',
    HTTPS_PROXY: 'http://a',
  };
  expect(cleanEnvironment({ ...machine, ...settings })).toEqual({
    ...machine,
    NODE_ENV: 'test',
    ENGINE: 'embedded',
    POSTGRES: 'embedded',
  });
});

test('TEST_POSTGRES and TEST_POSTGRES_IMAGE choose the settings for the tests', () => {
  const given = { POSTGRES: 'mysql', TEST_POSTGRES: 'container', TEST_POSTGRES_IMAGE: 'pg' };
  expect(cleanEnvironment(given)).toMatchObject({ POSTGRES: 'container', POSTGRES_IMAGE: 'pg' });
});

test('the test process has the clean environment', () => {
  const own = /^(K6_\w+|SEED|RESULTS|KEEP|PROFILE|JOBS|REPEAT|CONTRACT|COMMAND|NO_COLOR|CI|MAKEFLAGS)$/;
  expect(Object.keys(process.env).filter((name) => own.test(name))).toEqual([]);
  expect(process.env.ENGINE).toBe('embedded');
});
