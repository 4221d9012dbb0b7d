import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { loadContract } from '../../../harness/contract/load.ts';
import { readSource } from '../../../harness/contract/source.ts';
import reference from '../../../service/proofload.config.ts';
import { eventually } from '../../support/eventually.ts';
import { temporaryFile, temporaryFolder } from '../../support/temporary-folder.ts';

async function file(name: string, text: string): Promise<string> {
  return temporaryFile(name, text);
}

const START = 'name: x\nstart: { command: [a], readyPath: /h, readySeconds: 1 }\nprofiles: { fast: {} }\nendpoints:\n';
const LINE = '  e: { method: GET, path: /, served: [200] }\n';

test.each([
  ['throws', 'contract.mjs', 'throw new Error("boom")', /can't be read: boom$/],
  ['throws a text', 'contract.mjs', 'throw "boom"', /can't be read: boom$/],
  ['has a syntax error', 'contract.ts', 'export default {', /can't be read: /],
  ['imports what is not there', 'contract.ts', 'import "nowhere-at-all"', /can't be read: Cannot find package/],
  ['exports nothing by default', 'contract.mjs', 'export const a = 1', /the contract: missing; expected object/],
  ['is empty', 'contract.yaml', '', /the contract: .* received null/],
  ['has a key twice', 'contract.yaml', 'a: 1\na: 2', /can't be read: Map keys must be unique at line 2/],
  ['has an alias of nothing', 'contract.yaml', 'a: *b', /can't be read: Unresolved alias/],
  [
    'holds itself',
    'contract.yaml',
    `${START}${LINE.replace(' }', ', body: &a { b: *a } }')}`,
    /can't be read: .*circular/,
  ],
  ['is too large', 'contract.yaml', START + LINE.repeat(60_000), /can't be read: it has \d+ bytes; allowed: 524288$/],
])('refuses a contract that %s', async (_, name, text, message) => {
  const path = await file(name, text);
  await expect(loadContract(path)).rejects.toMatchObject({
    name: 'ProofloadError',
    code: 'CONTRACT_INVALID',
    exitCode: 2,
    message: expect.stringMatching(message),
  });
});

test('refuses a folder, and lists the allowed files', async () => {
  const path = await file('contract.yaml', '');
  await mkdir(`${path}.d`);
  await expect(loadContract(`${path}.d`)).rejects.toThrow(
    "can't be read: it is a folder; allowed: a YAML or JSON file, or a TypeScript or JavaScript module",
  );
});

test.each(['contract.yaml', 'contract.ts'])('refuses a pipe, which would be read for ever: %s', async (name) => {
  const path = join(await temporaryFolder(), name);
  execFileSync('mkfifo', [path]);
  await expect(loadContract(path)).rejects.toThrow("can't be read: it is no regular file; allowed: a file");
});

test('rejects a module that never finishes loading', async () => {
  const path = await file('contract.mjs', 'await new Promise(() => {}); export default {}');
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const refused = expect(loadContract(path)).rejects.toThrow("can't be read: it did not load within 10 s");
  const ended = vi.fn();
  void refused.then(ended, ended);
  // Code of other tests in this process may set timers as well, so that their number does not show this one.
  const pass = () => {
    vi.advanceTimersByTime(10_000);
    expect(ended).toHaveBeenCalled();
  };
  await eventually(pass, 5);
  await refused;
});

test.each(['http://127.0.0.1:99999', 'http://127.0.0.1:0', 'http://127.0.0.999:80'])(
  'refuses a service that runs at %s',
  async (url) => {
    const start = { running: { url }, readyPath: '/health', readySeconds: 1 };
    const path = await file('contract.json', JSON.stringify({ ...reference, start }, null, 1));
    await expect(loadContract(path)).rejects.toThrow(
      /contract.json:\d+: start\.running\.url: must have a host and a port from 1 to 65535/,
    );
  },
);

test('immediately rejects more endpoints than scenarios can call', async () => {
  const health = reference.endpoints.health;
  const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`e${index}`, health]));
  const path = await file('contract.mjs', `export default ${JSON.stringify({ ...reference, endpoints: many })}`);
  await expect(loadContract(path)).rejects.toThrow(/✖ \S+\.mjs:1: endpoints: has more than 1000 endpoints/);
});

test('of many problems, the first ones are reported, and of many names, some', async () => {
  const named = Object.fromEntries(
    Array.from({ length: 1_000 }, (_, index) => [`e${index}`, reference.endpoints.health]),
  );
  const limits = Object.fromEntries(
    Array.from({ length: 900 }, (_, index) => [`f${index}`, { max: 1, windowSeconds: 2 }]),
  );
  const { start, upstreams, environment } = reference;
  const contract = {
    name: 'many',
    start,
    upstreams,
    environment,
    endpoints: named,
    profiles: { fast: { limits } },
  };
  const message = await loadContract(await file('contract.json', JSON.stringify(contract, null, 1))).catch(
    (error) => error.message as string,
  );
  expect(message).toContain('there is no "f0"; allowed: e0, e1,');
  expect(message).toMatch(/, e19, and 980 more\n/);
  expect(message).toMatch(/\nand 850 more$/);
});

test('reports the line of an unknown key', async () => {
  const path = await file('contract.yaml', `${START}${LINE}colour: blue\n`);
  await expect(loadContract(path)).rejects.toThrow('contract.yaml:6: the contract: Unrecognized key: "colour"');
});

test('merges maps by << in YAML, and reports the line of what they lack', async () => {
  const anchors = `${START}${LINE.replace('e: {', 'e: &e {')}  f: { <<: *e, path: /f }\n`;
  const { endpoints } = await loadContract(await file('contract.yaml', anchors));
  expect(endpoints.f).toEqual({ ...endpoints.e, path: '/f' });
  const wrong = await file('wrong.yaml', anchors.replace('path: /f', 'served: []'));
  await expect(loadContract(wrong)).rejects.toThrow('wrong.yaml:6: endpoints.f.served: ');
});

test('reports the lines of a module as far as it writes its object down', async () => {
  const path = await file(
    'contract.ts',
    `const health = { method: 'GET', path: '/h', served: [] as number[] };
const defined = <T>(contract: T): T => contract;
const shared = {
  name: 'x',
  start: { command: ['a'], readyPath: '/h', readySeconds: 1 },
};
const contract = {
  ...shared,
  'endpoints': {
    health,
    [\`computed\`]: { method: 'GET', path: '/', served: [1] },
  },
  profiles: { fast: {} },
  colour: 'blue',
} satisfies object;
export default defined(contract);
`,
  );
  const { lineOf } = await readSource(path);
  expect(lineOf(['start', 'command', '0'])).toBe(5);
  expect(lineOf(['endpoints', 'health', 'served'])).toBe(1);
  expect(lineOf(['endpoints', 'computed', 'served'])).toBe(9);
  await expect(loadContract(path)).rejects.toThrow(/contract\.ts:14: the contract: Unrecognized key: "colour"/);
});

test('reports the line of a key whose value begins in the next line', async () => {
  const { lineOf } = await readSource(await file('contract.yaml', 'a:\n  # why\n  b:\n    - c: 1\n'));
  expect([lineOf(['a']), lineOf(['a', 'b']), lineOf(['a', 'b', 0, 'c']), lineOf(['a', 'nowhere'])]).toEqual([
    1, 3, 4, 1,
  ]);
});
