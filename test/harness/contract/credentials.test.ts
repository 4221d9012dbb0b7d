import { expect, test } from 'vitest';
import { contractSchema, numbersOf } from '../../../harness/contract/contract.ts';
import { credentialsOf, generatedKeys, settingsAhead } from '../../../harness/contract/credentials.ts';
import { authentication } from '../../../harness/contract/schema/authentication.ts';
import reference from '../../../service/proofload.config.ts';

const bearer = authentication.parse({ kind: 'bearer', keySetting: 'KEYS' });
const users = authentication.parse({ kind: 'basic', keySetting: 'KEYS' });

test('a setting holds keys, separated by commas or blanks', () => {
  expect(credentialsOf(bearer, { KEYS: 'a, b\nc' })).toEqual([{ key: 'a' }, { key: 'b' }, { key: 'c' }]);
  expect(credentialsOf(users, { KEYS: 'ada:p:1' })).toEqual([{ user: 'ada', key: 'p:1' }]);
  expect(credentialsOf(bearer, {})).toEqual([]);
});

test('generated lists have a key for each client, all with the same secret part', () => {
  const generated = generatedKeys('secret');
  expect(credentialsOf(bearer, { KEYS: generated.keys })).toHaveLength(250);
  expect(credentialsOf(users, { KEYS: generated.users })[249]).toEqual({ user: 'user250', key: 'key250-secret' });
});

test('credentials can be counted before there is a lab', () => {
  const contract = contractSchema.parse({ ...reference, environment: { KEYS: '${keys}', URL: '${postgres}' } });
  const settings = settingsAhead(contract, numbersOf(contract, 'fast'));
  expect(credentialsOf(bearer, settings)).toHaveLength(250);
  expect(settings.URL).toBe('${postgres}');
});
