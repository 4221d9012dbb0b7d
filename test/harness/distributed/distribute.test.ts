import { execFile } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadScript } from '../../../engine/index.ts';
import { distributed, folderWith } from './distribution.ts';
import schema from './testrun-schema.json' with { type: 'json' };

const run = promisify(execFile);

const SCRIPT = `
import { sleep } from 'k6';
import { greet, type Greeting } from './lib/greet.ts';
export { later } from './lib/greet.ts';
export const options = { scenarios: { all: { executor: 'constant-vus', vus: 4, duration: '1s' } }, thresholds: { checks: ['rate==1'] } };
const own = open('./data/names.txt');
export default function (): void { const greeting: Greeting = greet(own); sleep(greeting.length / 1000); }
`;
const FILES = {
  'test.ts': SCRIPT,
  'data/names.txt': 'of the script\n',
  'lib/greet.ts': `
    import fs from 'k6/experimental/fs';
    export type Greeting = string;
    const theirs = open(import.meta.resolve('./names.txt'));
    const image = open(\`./image.bin\`, 'b');
    export const greet = (name: string): Greeting => name + theirs + image.byteLength;
    export const later = () => fs.open('./data/names.txt');`,
  'lib/names.txt': 'of the library\n',
  'lib/image.bin': Uint8Array.of(0, 255, 254, 10),
};

interface Metadata {
  name: string;
  labels: Record<string, string>;
}
interface Documents {
  run: string;
  configMap: { data: Record<string, string>; binaryData?: Record<string, string>; metadata: Metadata };
  secret: { stringData: Record<string, string>; metadata: Metadata } | undefined;
  testRun: {
    metadata: Metadata;
    spec: {
      parallelism: unknown;
      arguments: string;
      runner: object;
      script: { configMap: { name: string; file: string } };
    };
  };
}

async function documentsOf(out: string): Promise<Documents> {
  const read = (file: string) => readFile(join(out, file), 'utf8');
  const { run } = JSON.parse(await read('plan.json'));
  const secret = await read('secret.yaml').catch(() => undefined);
  return {
    run,
    configMap: parse(await read('configmap.yaml')),
    secret: secret === undefined ? undefined : parse(secret),
    testRun: parse(await read('testrun.yaml')),
  };
}

/** Reports fields that are not in the schema, like Kubernetes with strict validation. */
function problemsOf(document: unknown): string {
  const closed = JSON.parse(JSON.stringify(schema), (_, value) =>
    value?.type === 'object' && value.properties && !value.additionalProperties
      ? { ...value, additionalProperties: value === schema.properties.metadata }
      : value,
  );
  const ajv = addFormats.default(new Ajv({ strict: false, allErrors: true }));
  ajv.addFormat('int32', { type: 'number', validate: (value) => Number.isInteger(value) && Math.abs(value) < 2 ** 31 });
  return ajv.validate({ ...closed, properties: { ...closed.properties, metadata: {} } }, document)
    ? ''
    : ajv.errorsText();
}

test('writes a TestRun that conforms to the schema of k6-operator, and a ConfigMap that contains the script', async () => {
  const folder = await folderWith(FILES);
  const { run, configMap, testRun } = await documentsOf(await distributed(folder, { instances: 4, image: 'k6:1' }));
  const metadata = { name: `test-${run}`, labels: { 'proofload-run': run } };
  expect(run).toMatch(/^[0-9a-f]{8}$/);
  expect(problemsOf(testRun)).toBe('');
  expect(testRun).toMatchObject({ apiVersion: 'k6.io/v1alpha1', kind: 'TestRun', metadata });
  expect(testRun.spec).toEqual({
    parallelism: 4,
    arguments: `--no-thresholds --summary-trend-stats=count --include-system-env-vars --tag proofload_run=${run} --out json=-`,
    script: { configMap: { name: `test-${run}`, file: 'script.js' } },
    runner: {
      image: 'k6:1',
      metadata: { labels: { 'proofload-run': run } },
      env: [{ name: 'K6_NO_USAGE_REPORT', value: 'true' }],
    },
  });
  expect(configMap).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
  expect(Object.keys(configMap.data).sort()).toEqual(['names-2.txt', 'names.txt', 'script.js']);
  expect(Object.keys(configMap.binaryData ?? {})).toEqual(['image.bin']);
  for (const key of Object.keys(configMap.data)) expect(key).toMatch(/^[-._a-zA-Z0-9]{1,253}$/);
});

test('variables are only in a Secret, to which the TestRun refers', async () => {
  const env = { URL: 'http://service', LAB_TOKEN: "5$ $(URL) 'quoted'" };
  const out = await distributed(await folderWith(FILES), { env });
  const { run, secret, testRun } = await documentsOf(out);
  expect(secret).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `test-${run}`, labels: { 'proofload-run': run } },
    type: 'Opaque',
    stringData: env,
  });
  expect(problemsOf(testRun)).toBe('');
  expect(testRun.spec.runner).toMatchObject({ envFrom: [{ secretRef: { name: `test-${run}` } }] });
  for (const file of ['testrun.yaml', 'configmap.yaml', 'README.md', 'run-on-kubernetes.sh', 'script.js']) {
    expect(await readFile(join(out, file), 'utf8')).not.toMatch(/http:\/\/service|quoted/);
  }
});

test('each call writes another run, also into the same folder', async () => {
  const folder = await folderWith(FILES);
  const runs = [await documentsOf(await distributed(folder)), await documentsOf(await distributed(folder))];
  expect(new Set(runs.map(({ run }) => run)).size).toBe(2);
  expect(new Set(runs.map(({ testRun }) => testRun.metadata.name)).size).toBe(2);
});

test.each([
  ['2026 Load Test.ts', /^k6-2026-load-test-[0-9a-f]{8}$/],
  ['-.ts', /^k6-test-[0-9a-f]{8}$/],
  [`${'a'.repeat(60)}.ts`, /^a{40}-[0-9a-f]{8}$/],
])('names the objects of %s so that Kubernetes accepts the names', async (script, name) => {
  const folder = await folderWith({
    [script]: SCRIPT.replaceAll('./lib/greet.ts', './greet.ts'),
    'greet.ts': 'export const greet = () => ""; export const later = greet; export type Greeting = string;',
    'data/names.txt': '',
  });
  const { testRun } = await documentsOf(await distributed(folder, { script }));
  expect(testRun.metadata.name).toMatch(name);
});

test('the schema rejects what the operator would reject', async () => {
  const { testRun } = await documentsOf(await distributed(await folderWith(FILES)));
  const { parallelism: _, ...without } = testRun.spec;
  expect(problemsOf({ ...testRun, spec: without })).toContain("must have required property 'parallelism'");
  expect(problemsOf({ ...testRun, spec: { ...testRun.spec, parallelism: '4' } })).toContain('must be integer');
  expect(problemsOf({ ...testRun, spec: { ...testRun.spec, instances: 4 } })).toContain('additional properties');
  const unnamed = { ...testRun.spec, runner: { env: [{ value: 'x' }] } };
  expect(problemsOf({ ...testRun, spec: unnamed })).toContain("must have required property 'name'");
});

test('bundles the imports of a script and the files that it opens', async () => {
  const out = await distributed(await folderWith(FILES));
  const code = await readFile(join(out, 'script.js'), 'utf8');
  expect([...code.matchAll(/^import .* from "(.*)";$/gm)].map(([, name]) => name).sort()).toEqual([
    'k6',
    'k6/execution',
    'k6/experimental/fs',
    'k6/metrics',
  ]);
  const opened = [...code.matchAll(/open\("(.*?)"/g)].map(([, name]) => name as string);
  const contents = await Promise.all([...new Set(opened)].map((name) => readFile(join(out, name))));
  expect(contents.map(String).sort()).toEqual([
    String(Buffer.from([0, 255, 254, 10])),
    'of the library\n',
    'of the script\n',
  ]);
});

test.each([
  [
    'a module',
    "export const options = { vus: 2, duration: '1s' }; export const named = () => {}; export default () => {};",
  ],
  [
    'CommonJS',
    "const { sleep } = require('k6'); module.exports.options = { vus: 2, duration: '1s' }; exports.named = () => {}; exports.default = () => sleep(1);",
  ],
])('keeps the exports of a script that is %s', async (_, script) => {
  const out = await distributed(await folderWith({ 'test.ts': script }));
  const exports = await loadScript(join(out, 'script.js'));
  expect({ ...exports }).toEqual({
    options: { vus: 2, duration: '1s' },
    named: expect.any(Function),
    default: expect.any(Function),
    handleSummary: expect.any(Function),
  });
});

test('says how to run it, and which thresholds are judged across all parts', async () => {
  const out = await distributed(await folderWith(FILES), { instances: 3 });
  const page = await readFile(join(out, 'README.md'), 'utf8');
  expect(page).toContain('- `checks: rate==1`');
  expect(page).toContain('npx proofload gather .\n');
  expect(page).toContain('./run-on-kubernetes.sh');
  const part = await readFile(join(out, 'run-part.sh'), 'utf8');
  expect(part).toContain('2) segment=1/3:2/3 ;;');
  expect(part).toContain('--execution-segment-sequence 0,1/3,2/3,1');
});

test.each([
  [
    'a path that is not a literal',
    { 'test.ts': 'const a = "b"; open(a + ".txt"); export default () => {};' },
    'must be a literal',
  ],
  ['a file that is not there', { 'test.ts': 'open("./x.txt"); export default () => {};' }, 'ENOENT'],
  ['import.meta', { 'test.ts': 'import.meta.resolve("./x"); export default () => {};' }, 'must be a literal'],
  ['an import that is not there', { 'test.ts': 'import x from "left-pad-9"; export default () => x;' }, 'left-pad-9'],
  ['a script that throws', { 'test.ts': 'throw new Error("at once"); export default () => {};' }, 'at once'],
  [
    'a name that is taken',
    {
      'test.ts': 'open("./plan.json"); export const options = { vus: 2, duration: "1s" }; export default () => {};',
      'plan.json': '',
    },
    'that name is reserved',
  ],
  [
    'a scenario of proofload',
    {
      'test.ts':
        "export const proof = { judges: 'x' }; export const options = { vus: 2, duration: '1s' }; export default () => {};",
    },
    'is a scenario of proofload, and only k6 scripts can be distributed',
  ],
  ['fewer VUs than instances', { 'test.ts': 'export default () => {};' }, 'instance 2 of 2 would have nothing to do'],
  [
    'more than a ConfigMap holds',
    { ...FILES, 'lib/image.bin': new Uint8Array(1_100_000) },
    'a ConfigMap can hold 1048576',
  ],
])('rejects %s', async (_, files, why) => {
  const folder = await folderWith(files as Record<string, string>);
  await expect(distributed(folder)).rejects.toMatchObject({
    code: 'NOT_DISTRIBUTABLE',
    message: expect.stringContaining(why),
  });
});

test('a part gets its variables from the environment and not as arguments, and only the owner can read the files', async () => {
  const value = "a 'secret' $(id) of the script";
  const out = await distributed(await folderWith(FILES), { env: { TOKEN: value, K6: 'not the command' } });
  const stub = 'printf "%s\\n" "$TOKEN" "$@"';
  await writeFile(join(out, 'stub.sh'), stub);
  const { stdout } = await run('./run-part.sh', ['1'], { cwd: out, env: { ...process.env, K6: 'sh stub.sh' } });
  const [given, ...args] = stdout.trim().split('\n');
  expect(given).toBe(value);
  expect(args).toContain('--include-system-env-vars');
  expect(args.join(' ')).not.toContain('secret');
  const modes = await Promise.all(
    ['run-part.sh', 'run-on-kubernetes.sh', 'secret.yaml', 'plan.json'].map((file) => stat(join(out, file))),
  );
  expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(['700', '700', '600', '600']);
});

test('rejects variables that are too large for a Secret', async () => {
  const env = { DATA: 'x'.repeat(1_048_576) };
  await expect(distributed(await folderWith(FILES), { env })).rejects.toMatchObject({
    code: 'NOT_DISTRIBUTABLE',
    message: expect.stringContaining('a Secret can hold 1048576'),
  });
});

test('rejects a variable that k6 would not accept', async () => {
  const folder = await folderWith(FILES);
  await expect(distributed(folder, { env: { 'A-B': '1' } })).rejects.toMatchObject({ code: 'NOT_DISTRIBUTABLE' });
});
