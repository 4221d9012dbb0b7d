import { expect, test } from 'vitest';
import { changed } from '../../../harness/contract/changed.ts';
import { numbersOf } from '../../../harness/contract/contract.ts';
import { loadContract } from '../../../harness/contract/load.ts';
import { withUpstreamAddresses } from '../../../harness/contract/upstream-addresses.ts';
import { file, written } from './contract-files.ts';

const HEALTH = { method: 'GET', path: '/health', served: [200] };

const smallest = {
  name: 'small service',
  start: { command: ['node', 'service.js'], readyPath: '/health', readySeconds: 10 },
  endpoints: { health: HEALTH },
  profiles: { fast: {} },
};

const withEndpoint = (name: string) => written({ ...smallest, endpoints: { health: HEALTH, [name]: HEALTH } });

test.each([
  'ask',
  'POST /ask: "why?" (v2)',
  'a in b',
  '* of',
  'x -> y, then z',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '-x',
  "<b>'&amp;'</b>",
  'a::b|c{d="e"}',
  '${upstream.llm}',
  '質問 😀 é',
  'x'.repeat(200),
])('an endpoint may be named %j', async (name) => {
  const contract = await loadContract(await withEndpoint(name));
  expect(Object.keys(contract.endpoints)).toEqual(['health', name]);
  const { endpoints } = withUpstreamAddresses(contract, {});
  expect(Object.keys(endpoints)).toEqual(['health', name]);
});

test.each([
  '',
  ' ask',
  'ask ',
  'a  b',
  'a\nb',
  'a\tb',
  'a\u0000b',
  'a\u001b[31mb',
  'a\u0085b',
  'a\u00a0b',
  'a\u2028b',
  'a\u202eb',
  'a\u200bb',
  'a\ufeff',
  '\ud800',
  'x'.repeat(201),
])('an endpoint can not be named %j', async (name) => {
  await expect(loadContract(await withEndpoint(name))).rejects.toThrow(
    /contract\.json:\d+: endpoints\..*: the name of an endpoint has up to 200 letters, digits and punctuation marks/s,
  );
});

const SECTIONS: Readonly<Record<string, (name: string) => object>> = {
  upstreams: (name) => ({ upstreams: { [name]: { kind: 'groq' } } }),
  conditions: (name) => ({ conditions: { [name]: { LIMIT: '1' } } }),
  refusedStarts: (name) => ({ refusedStarts: { [name]: { settings: { DEBUG: '1' }, says: 'DEBUG' } } }),
  profiles: (name) => ({ profiles: { fast: {}, [name]: {} } }),
  'start.workers': (name) => ({ start: { ...smallest.start, workers: { [name]: ['node', 'worker.js'] } } }),
  'secret.weak': (name) => ({ secret: { setting: 'KEY', weak: { [name]: 'a' }, strong: { s: 'b' }, refusal: 'KEY' } }),
  'secret.strong': (name) => ({
    secret: { setting: 'KEY', weak: { w: 'a' }, strong: { [name]: 'b' }, refusal: 'KEY' },
  }),
};

test.each(Object.entries(SECTIONS))('names in %s have letters, digits, "_", "-" and "."', async (section, write) => {
  for (const good of ['llm', '2nd', '_x', 'a.b-c_D', 'constructor', 'toString', 'valueOf', 'x'.repeat(64)]) {
    const used = section === 'upstreams' ? { environment: { URL: `\${upstream.${good}}` } } : {};
    await loadContract(await written({ ...smallest, ...used, ...write(good) }));
  }
  for (const bad of ['', 'a b', 'a:b', '-a', '.a', 'a/b', 'é', 'a\n', 'x'.repeat(65)]) {
    const wrong = loadContract(await written({ ...smallest, ...write(bad) }));
    const name = bad.includes('\n') ? JSON.stringify(bad) : bad;
    const said = `${section}.${name}: a name has up to 64 letters (a-z, A-Z), digits, "_", "-" and "."`;
    await expect(wrong, JSON.stringify(bad)).rejects.toThrow(said);
    await expect(wrong).rejects.toThrow(/contract\.json:\d+: /);
  }
});

test('names of breakers have the same pattern, also in profiles', async () => {
  const wrong = await written({
    ...smallest,
    breakers: { 'a b': {} },
    profiles: { fast: { breakers: { 'c d': {} } } },
  });
  await expect(loadContract(wrong)).rejects.toThrow('breakers.a b: a name has up to 64 letters');
  await expect(loadContract(wrong)).rejects.toThrow('profiles.fast.breakers.c d: a name has up to 64 letters');
});

test('the name of an upstream does not end as its placeholders do', async () => {
  const upstreams = { 'llm.host': { kind: 'groq' } };
  const path = await written({ ...smallest, upstreams });
  await expect(loadContract(path)).rejects.toThrow('the name of an upstream does not end with .host or .port');
  const dotted = { upstreams: { 'llm.v2': { kind: 'groq' } }, environment: { URL: '${upstream.llm.v2.host}' } };
  expect((await loadContract(await written({ ...smallest, ...dotted }))).upstreams).toHaveProperty(['llm.v2']);
});

test.each([
  ['an endpoint', { endpoints: { health: HEALTH, REPLACED: HEALTH } }, 'endpoints'],
  ['an upstream', { upstreams: { REPLACED: { kind: 'groq' } } }, 'upstreams'],
  ['a limit', { profiles: { fast: { limits: { REPLACED: { max: 3, windowSeconds: 2 } } } } }, 'profiles.fast.limits'],
  ['a variable', { environment: { REPLACED: 'x' } }, 'environment'],
  ['a field', { endpoints: { health: { ...HEALTH, body: { REPLACED: 1 } } } }, 'endpoints.health.body'],
])('refuses __proto__ as the name of %s, with its line', async (_, part, where) => {
  const text = JSON.stringify({ ...smallest, ...part }, null, 1).replace('REPLACED', '__proto__');
  const line = text.split('\n').findIndex((candidate) => candidate.includes('__proto__')) + 1;
  for (const name of ['contract.json', 'contract.yaml']) {
    await expect(loadContract(await file(name, text))).rejects.toThrow(
      `${name}:${line}: ${where}.__proto__: __proto__ can't be the name of anything in a contract`,
    );
  }
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
});

test('refuses __proto__ in a module, which sets a prototype there', async () => {
  const text = `export default { ...${JSON.stringify(smallest)}, endpoints: { __proto__: {}, health: {} } };`;
  await expect(loadContract(await file('contract.mjs', text))).rejects.toThrow(
    "endpoints.__proto__: __proto__ can't be the name of anything in a contract",
  );
});

test('a profile that all objects seem to have is unknown', async () => {
  const contract = await loadContract(await written(smallest));
  expect(() => numbersOf(contract, 'constructor')).toThrow('the contract has no profile "constructor"; allowed: fast');
});

test('a change of an entry that all objects seem to have adds it', () => {
  const after = changed({ upstreams: {} }, { path: ['upstreams', 'constructor', 'calls'], value: { attempts: 2 } });
  expect(after).toEqual({ upstreams: { constructor: { calls: { attempts: 2 } } } });
  expect(Object).not.toHaveProperty('calls');
});
