import { expect, test } from 'vitest';
import { breakersOf, refusalOf } from '../../../../../harness/init/found/code/breakers.ts';
import { codeOf } from './code-of.ts';

const breakerIn = (file: string, text: string, examples?: Record<string, string>) => {
  const [first] = breakersOf(codeOf({ [file]: text }, examples)).map(({ module: _, ...found }) => found);
  return first;
};

test('opossum opens above a rate, with its own defaults, and a time from a variable in seconds', () => {
  const text = `import CircuitBreaker from 'opossum';
const options = { volumeThreshold: 5, resetTimeout: Number(process.env.RESET_SECONDS ?? 60) * 1000 };
export const llm = new CircuitBreaker(ask, options);`;
  expect(breakerIn('a.js', text, { RESET_SECONDS: '30' })).toEqual({
    rate: { rate: 50, window: '10 seconds', minimum: 5, boundary: 'above' },
    recovery: { value: 30, setting: { name: 'RESET_SECONDS', unit: 's' } },
    timeout: { value: 10 },
    trials: '1',
    library: 'opossum',
    from: 'a.js:3',
    name: 'llm',
  });
});

test('opossum without a minimum opens at the first failure, which a contract can not say', () => {
  const found = breakerIn(
    'a.js',
    `const CircuitBreaker = require('opossum');\nconst b = new CircuitBreaker(f, { timeout: false });`,
  );
  expect([found?.rate, found?.timeout]).toEqual([undefined, undefined]);
});

test.each([
  [
    'cockatiel',
    'a.ts',
    `import { circuitBreaker, ConsecutiveBreaker, handleAll, timeout } from 'cockatiel';
const limit = timeout(1_500, 'aggressive');
const b = circuitBreaker(handleAll, { halfOpenAfter: 10_000, breaker: new ConsecutiveBreaker(4) });`,
    { threshold: { value: 4 }, recovery: { value: 10 }, timeout: { value: 1.5 }, from: 'a.ts:3' },
  ],
  [
    'pybreaker',
    'a.py',
    `import pybreaker
b = pybreaker.CircuitBreaker(reset_timeout=int(os.environ.get("RESET", "20")))`,
    { threshold: { value: 5 }, recovery: { value: 20, setting: { name: 'RESET', unit: 's' } } },
  ],
  [
    'circuitbreaker',
    'a.py',
    `from circuitbreaker import circuit
@circuit(failure_threshold=3, recovery_timeout=15)
def call(): ...`,
    { threshold: { value: 3 }, recovery: { value: 15 }, trials: 'any', toClose: '1', name: 'call' },
  ],
  [
    'gobreaker',
    'a.go',
    `package a
var cb = gobreaker.NewCircuitBreaker(gobreaker.Settings{
	Timeout: duration("RESET", 30*time.Second), MaxRequests: 2,
	ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures > uint32(4) },
})
func duration(name string, usual time.Duration) time.Duration { d, _ := time.ParseDuration(os.Getenv(name)); return d }`,
    {
      threshold: { value: 5 },
      recovery: { value: 30, setting: { name: 'RESET', unit: 'text' } },
      trials: '2',
      toClose: '2',
    },
  ],
])('%s', (library, file, text, numbers) => {
  expect(breakerIn(file, text)).toMatchObject({ library, ...numbers });
});

test.each(['config.get("breaker")', 'options', '{ ...options, volumeThreshold: 5 }'])(
  'of options that are not known, %s, no default is assumed',
  (options) => {
    const text = `import CircuitBreaker from 'opossum';\nimport { options } from 'elsewhere';\nnew CircuitBreaker(ask, ${options});`;
    const found = breakerIn('a.js', text);
    expect([found?.rate, found?.recovery, found?.timeout]).toEqual([undefined, undefined, undefined]);
  },
);

test('a class with the same name from elsewhere is no breaker', () => {
  expect(
    breakerIn('a.js', `import { CircuitBreaker } from './own.js';\nnew CircuitBreaker(f, { timeout: 1 });`),
  ).toBeUndefined();
});

test.each([
  ['a.js', "if (e.code === 'EOPENBREAKER') return res.status(503).end();", '503'],
  ['a.py', 'except CircuitBreakerError:\n    raise HTTPException(status_code=429)', '429'],
  [
    'a.go',
    'package a\nfunc f() { if errors.Is(err, gobreaker.ErrOpenState) { http.Error(w, "x", http.StatusBadGateway) } }',
    '502',
  ],
  ['a.js', 'res.status(503)', undefined],
])('%s: the status while a breaker is open', (file, text, status) => {
  expect(refusalOf(codeOf({ [file]: text }))?.status).toBe(status);
});
