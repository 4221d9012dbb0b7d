import { expect, test } from 'vitest';
import { ENGINE_OBJECT } from '../../../engine/base/export-value.ts';
import { serializeSetupData } from '../../../engine/run/setup-data.ts';

// The expected values were recorded from k6 v2.2.0.
test.each([
  [undefined, undefined],
  [null, 'null'],
  [{ a: undefined, when: new Date(0) }, '{"a":null,"when":"1970-01-01T00:00:00Z"}'],
  [[new Date(1_500), new Date(Number.NaN)], '["1970-01-01T00:00:01.5Z",null]'],
  ['text', '"text"'],
  [Symbol('name'), '"name"'],
  [12_345_678_901_234_567_890n, '12345678901234567000'],
  [
    new Map<unknown, unknown>([
      ['a', 1],
      [{ k: 1 }, 2],
    ]),
    '[["a",1],[{"k":1},2]]',
  ],
  [new Set([1, 'b']), '[1,"b"]'],
  [[Uint8Array.of(1, 2), Int8Array.of(-1, 2), Uint8Array.of(1).buffer], '["AQI=",[-1,2],{}]'],
  [[new Number(5), new Boolean(false), new Error('x'), /a/g, Promise.resolve(1)], '[5,false,{},{},{}]'],
  [
    {
      x: 1,
      toJSON: undefined,
      get accessor() {
        return 2;
      },
    },
    '{"x":1,"toJSON":null,"accessor":2}',
  ],
])('setup data %o', (value, json) => {
  expect(serializeSetupData(value)).toBe(json);
});

const cycle: unknown[] = [];
cycle.push(cycle);

test.each([
  [Number.NaN, 'unsupported value: NaN'],
  [{ a: [1, -Infinity] }, 'unsupported value: -Inf'],
  [() => 1, 'unsupported type: func'],
  [{ a: { f() {} } }, 'unsupported type: func'],
  [{ toJSON: () => 1 }, 'unsupported type: func'],
  [cycle, 'unsupported value: encountered a cycle'],
])('setup data %o is rejected: %s', (value, reason) => {
  expect(() => serializeSetupData(value)).toThrow(
    expect.objectContaining({
      code: 'SETUP_DATA_REFUSED',
      exitCode: 255,
      message: expect.stringContaining(`error marshaling setup() data to JSON: json: ${reason}`),
    }),
  );
});

test('setup data keeps repeated objects and the fields of a response', () => {
  const shared = { q: 1 };
  expect(serializeSetupData([shared, shared, { [ENGINE_OBJECT]: true, status: 200, json() {} }])).toBe(
    '[{"q":1},{"q":1},{"status":200}]',
  );
});
