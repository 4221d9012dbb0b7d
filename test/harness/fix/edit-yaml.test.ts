import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { editYaml } from '../../../harness/fix/edit-yaml.ts';

const BLOCK = `# the service
name: shop   # a name
upstreams:
  llm: { kind: groq, basePath: /v1 } # the model
  backup:
    kind: openai
    # the base path is in the client
    basePath: /v1
endpoints:
  ask:
    path: /ask
    served:
      - 200
      - 202
    reaches: [backup, llm] # in order

profiles:
  fast: {}
`;

test.each([
  ['a list in brackets', ['endpoints', 'ask', 'reaches'], ['llm', 'backup'], '    reaches: [llm, backup] # in order\n'],
  ['a list in lines', ['endpoints', 'ask', 'served'], [201], '    path: /ask\n    served: [201]\n    reaches'],
  [
    'a new field',
    ['endpoints', 'ask', 'stream'],
    { format: 'sse', end: '[DONE]' },
    "order\n    stream: { format: sse, end: '[DONE]' }\n\nprofiles",
  ],
  [
    'a new field in braces',
    ['upstreams', 'llm', 'calls', 'attempts'],
    3,
    '{ kind: groq, basePath: /v1, calls: { attempts: 3 } } # the model\n',
  ],
  ['a field of an empty map', ['profiles', 'fast', 'limits'], { a: 1 }, '  fast: { limits: { a: 1 } }\n'],
  ['a new part', ['termination', 'graceSeconds'], 10, 'fast: {}\ntermination: { graceSeconds: 10 }\n'],
])('writes %s, and nothing else', (_, path, value, text) => {
  const edited = editYaml(BLOCK, { path, value });
  expect(edited).toContain(text);
  const kept = (all: string) => all.split('\n').filter((line) => line.includes('#'));
  expect(kept(edited ?? '').length).toBe(kept(BLOCK).length);
});

test('removes a field in braces, and one in a line', () => {
  expect(editYaml(BLOCK, { path: ['upstreams', 'llm', 'basePath'] })).toBe(
    BLOCK.replace('{ kind: groq, basePath: /v1 }', '{ kind: groq }'),
  );
  expect(editYaml(BLOCK, { path: ['upstreams', 'backup', 'basePath'] })).toBe(BLOCK.replace('    basePath: /v1\n', ''));
  expect(editYaml('a: { first: 1, last: 2 }', { path: ['a', 'first'] })).toBe('a: { last: 2 }');
});

test.each([
  ['would empty a part', 'a:\n  b: 1\n', { path: ['a', 'b'] }],
  ['removes what is not there', 'a: { b: 1 }', { path: ['a', 'c'] }],
  ['would lose a comment', 'a:\n  b: # why\n    - 1\n', { path: ['a', 'b'], value: [2] }],
  ['would change what an alias shares', 'a: &x { b: [1] }\nc: *x\n', { path: ['a', 'b'], value: [2] }],
  ['is in what an alias shares', 'a: &x { b: [1] }\nc: *x\n', { path: ['c', 'b'], value: [2] }],
  ['is below a value that is no map', 'a: text', { path: ['a', 'b'], value: 1 }],
])('does not edit if the change %s', (_, text, change) => {
  expect(editYaml(text, change)).toBeUndefined();
});

test('a field that is merged in is written beside the merge', () => {
  const text = 'base: &b { served: [200] }\nask:\n  <<: *b\n  path: /ask\n';
  expect(editYaml(text, { path: ['ask', 'served'], value: [201] })).toBe(`${text}  served: [201]\n`);
});

test('JSON stays JSON', () => {
  const text = JSON.stringify({ endpoints: { ask: { served: [200], 'a b': 1 } } }, null, 2);
  const edited = editYaml(text, { path: ['endpoints', 'ask', 'stream'], value: { format: 'sse' } }, true);
  expect(JSON.parse(edited ?? '')).toEqual({
    endpoints: { ask: { served: [200], 'a b': 1, stream: { format: 'sse' } } },
  });
  expect(edited?.split('\n')).toHaveLength(text.split('\n').length + 1);
});

test('texts that mean something else in YAML are quoted', () => {
  for (const value of ['yes, no', '[DONE]', '200', 'a: b', '# no comment', '', 'null', "it's"]) {
    expect(editYaml('a: {}', { path: ['a', 'b'], value })).toBeDefined();
  }
});

test.each([
  'examples/llm-gateway',
  'examples/fastapi',
  'examples/fastify',
  'examples/ask-service',
  'examples/item-service',
])('a change of one line of %s leaves all others alone', (folder) => {
  const text = readFileSync(`${folder}/proofload.yaml`, 'utf8');
  const edited = editYaml(text, { path: ['start', 'readySeconds'], value: 99 }) ?? '';
  const differ = text.split('\n').filter((line, index) => line !== edited.split('\n')[index]);
  expect(differ).toHaveLength(1);
});
