import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { parseYaml as parse } from '../../../../faults/sources/openapi/lazy-yaml.ts';

const parseYaml = (text: string): unknown => parse(text, (error) => error);

/** More text than a small mapping has. */
const LONG = 'x'.repeat(3_000);

/** Reads every value, so that nothing is left to be parsed. */
const complete = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const DOCUMENT = `# A comment
---
openapi: 3.1.0
info:
  title: "A: b"
  description: |
    paths:
      /not-a-path:
    # not a comment
     ${LONG}
  summary: >-
    folded

    text: ${LONG}
servers:
- url: https://a.example
- url: https://b.example
paths:
  # A comment
  /users/{id}:
    get:
      responses:
        200: { description: "${LONG}" }
        'default':
          description: it's
        "404":
          description: 'x'
    parameters:
    - name: id
      in: path
  "/quoted: path":
    get: {}
  /empty:
x-long-text: "a
  paths:
  ${LONG}"
x-list: [
  a, ${LONG}
  ]
`;

test('a document has the same values as if it were parsed at once', () => {
  expect(complete(parseYaml(DOCUMENT))).toEqual(load(DOCUMENT));
  expect(complete(parseYaml(DOCUMENT.replaceAll('\n', '\r\n')))).toEqual(load(DOCUMENT.replaceAll('\n', '\r\n')));
});

test('a value is parsed when it is first read, and only once', () => {
  const broken = `good:\n  a: { b: 1 }\n  long: ${LONG}\nbad:\n  c: [\n  long: ${LONG}\n`;
  const document = parseYaml(broken) as Record<string, unknown>;
  expect(Object.keys(document)).toEqual(['good', 'bad']);
  expect(document.good).toEqual({ a: { b: 1 }, long: LONG });
  expect(document.good).toBe(document.good);
  expect(() => complete(document.bad)).toThrow(/\(\d+:\d+\)[\s\S]*; the part begins at line 5$/);
});

test.each([
  ['anchors', `base: &base { a: 1, long: ${LONG} }\nother: *base\n`],
  ['a sequence', `- a\n- ${LONG}\n`],
  ['a flow mapping', `{ a: 1,\n  b: ${LONG} }\n`],
  ['special keys', `1.50: a\nnull: b\ntrue: c\n~: d\n0x10: e\nlong: ${LONG}\n`],
  ['explicit keys', `? a\n: 1\nlong: ${LONG}\n`],
  ['a key with blanks', `a key: 1\nlong: ${LONG}\n`],
  ['a closing bracket below its key', `a: [\n1\n]\nlong: ${LONG}\n`],
])('%s are parsed at once', (_, text) => {
  let expected: unknown;
  try {
    expected = load(text);
  } catch (error) {
    expect(() => complete(parseYaml(text))).toThrow((error as Error).message.slice(0, 20));
    return;
  }
  expect(complete(parseYaml(text))).toEqual(complete(expected));
});

test('a mapping that another one is merged into is parsed at once', () => {
  const text = `base: &base\n  a: 1\n  long: ${LONG}\nother:\n  <<: *base\n  b: 2\n`;
  expect(parseYaml(text)).toMatchObject({ other: { a: 1, b: 2 } });
});

test.each([
  ['a key twice', `a: 1\nb: ${LONG}\na: 2\n`, /duplicated mapping key/],
  ['two documents', `a: 1\n---\nb: ${LONG}\n`, /single document/],
  ['a tab as indentation', `a:\n\tb: ${LONG}\n`, /tab/],
])('%s is an error at once', (_, text, message) => {
  expect(() => parseYaml(text)).toThrow(message);
});

test('reading thousands of entries takes no longer for each of them', () => {
  const entries = Array.from({ length: 20_000 }, (_, index) => `  key${index}: ${index}\n`);
  const { paths } = parseYaml(`paths:\n${entries.join('')}`) as { paths: Record<string, number> };
  expect(Object.values(paths).every((value, index) => value === index)).toBe(true);
});
