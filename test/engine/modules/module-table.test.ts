import { expect, test } from 'vitest';
import { assertModule } from '../../../engine/modules/module-table.ts';

test.each(['k6/net/grpc', 'k6/browser', 'k6/crypto/x509', 'k6/x/sql', 'k6/nothing'])(
  '%s is refused by name, with the engine that has it',
  (name) => {
    expect(() => assertModule(name)).toThrow(new RegExp(`^the module ${name} is not available .*: use ENGINE=k6$`));
  },
);

// k6 v2.2.0 begins its errors with these words.
test.each([
  ['browser', 'has been graduated, please use k6/browser instead.'],
  ['grpc', 'has been graduated, please use k6/net/grpc instead.'],
  ['redis', 'has been removed. Please migrate'],
  ['timers', "has been graduated, and it's now globally available"],
  ['tracing', 'has been removed. All of it functionality is available'],
  ['webcrypto', "has been graduated and it's now globally available"],
])('k6/experimental/%s, which k6 v2 removed, is refused in its words', (name, words) => {
  expect(() => assertModule(`k6/experimental/${name}`)).toThrow(`k6/experimental/${name} ${words}`);
});

/** TypeScript's imports of types are erased before. */
test('k6/options, which k6 does not have at runtime, is refused', () => {
  expect(() => assertModule('k6/options')).toThrow('k6/options contains only types: remove the import');
});
