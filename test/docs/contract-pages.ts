import { glob, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import GithubSlugger from 'github-slugger';
import { stringify } from 'yaml';
import { loadContract } from '../../harness/contract/load.ts';
import { fill } from '../../harness/report/text/wrap.ts';
import { contractFields, type Field, type Part } from './contract-fields.ts';
import { CONTRACTS } from './contracts.ts';
import { describedScripts } from './described-scripts.ts';
import { type Judges, judgedBy } from './judged-by.ts';
import { renderPage } from './rendered-page.ts';

const FOLDER = 'docs/contract';
const WIDTH = 120;

/** What the pages say about a field beside its schema. */
interface Known {
  readonly judges: ReadonlyMap<string, Judges>;
  readonly contracts: readonly unknown[];
  /** The guides that link to a page or a field, as links, by the file name and the fragment. */
  readonly guides: ReadonlyMap<string, readonly string[]>;
  /** The scripts that need a condition, by its name. */
  readonly conditions: ReadonlyMap<string, readonly string[]>;
}

/** Returns the reference of contracts by path: a page for each part with fields, and one with all other fields. */
export async function contractPages(): Promise<Map<string, string>> {
  const fields = contractFields();
  const known: Known = {
    judges: await judgedBy(),
    contracts: await Promise.all(CONTRACTS.map((path) => loadContract(path))),
    guides: await guides(),
    conditions: await scriptsByCondition(),
  };
  const parts = Map.groupBy(fields, ({ path }) => path[0] ?? '');
  const [large, small] = [[...parts].filter(([, of]) => of.length > 1), [...parts].filter(([, of]) => of.length === 1)];
  const pages = large.map(([name, of]) => [`${FOLDER}/${name}.md`, partPage(name, of, known)] as const);
  return new Map([[`${FOLDER}/README.md`, index({ large, small: small.flatMap(([, of]) => of) }, known)], ...pages]);
}

interface Parts {
  readonly large: readonly (readonly [name: string, fields: readonly Field[]])[];
  readonly small: readonly Field[];
}

function index({ large, small }: Parts, known: Known): string {
  const rows = large.map(([name, [part]]) => `| [\`${name}\`](${name}.md) | ${textOf(part).split(/[.:;] /, 1)[0]} |\n`);
  return page([
    '# Contract reference',
    'A contract is a file, `proofload.yaml`, that says how a service starts, which endpoints it has, and what it promises. ' +
      'What it does not promise is not judged. Editors with a YAML language server complete its fields if it contains the ' +
      'line `# yaml-language-server: $schema=node_modules/proofload/schemas/contract.schema.json`.',
    'An error in a contract has the code `CONTRACT_INVALID`. All errors of a contract are reported together, each with its ' +
      'line, the wrong value and what is allowed. `NAME` stands for a name that you choose. ' +
      '[Guides](../how-to/README.md) answer single questions.',
    `| part | meaning |\n| --- | --- |\n${rows.join('')}`,
    ...small.flatMap((field) => section(field, known)),
  ]);
}

function partPage(name: string, [part, ...fields]: readonly Field[], known: Known): string {
  const guiding = known.guides.get(`${name}.md`) ?? [];
  return page([
    `# \`${name}\``,
    `${sentence(textOf(part))}`,
    ...(part ? bullets(part, known) : []),
    ...(guiding.length === 0 ? [] : [`Guides: ${guiding.join(' · ')}`]),
    ...fields.flatMap((field) => section(field, known)),
    'All parts: [contract reference](README.md).',
  ]);
}

const section = (field: Field, known: Known): string[] => [
  `## ${titleOf(field)}`,
  sentence(textOf(field)),
  ...bullets(field, known),
];

const titleOf = ({ path }: Field): string => path.join('.');

function bullets(field: Field, known: Known): string[] {
  const { path, schemas, isRequired, errors } = field;
  const standard = schemas.map(defaultOf).find((value) => value !== undefined);
  const judges = known.judges.get(path.map((name) => (name === 'NAME' ? '*' : name)).join('.'));
  const needed = path[0] === 'conditions' ? known.conditions.get(path[1] ?? '') : undefined;
  const example = exampleOf(field, known.contracts);
  const guiding = known.guides.get(`${path.length === 1 ? 'README' : path[0]}.md#${anchorOf(field)}`) ?? [];
  const lines = [
    ['Type', [...new Set(schemas.map(typeOf))].filter((type) => type !== 'object').join(' or ')],
    ['Default', isRequired ? 'none, required' : standard && linked(standard)],
    ['Example', example],
    ['[Scenarios](../scenarios.md)', [...(judges?.scenarios ?? needed ?? [])].sort().join(', ')],
    ['Checks', [...(judges?.checkers ?? [])].sort().map(checkLink).join(', ')],
    ['Errors', errors.map(code).join('; ')],
    ['Guides', guiding.join(' · ')],
  ].filter(([, text]) => text);
  const list = lines.map(([name, text]) => `- ${fill(`${name}: ${text}`.split(' '), 2, WIDTH).join('\n').trimStart()}`);
  return list.length === 0 ? [] : [list.join('\n')];
}

const checkLink = (checker: string): string => `[${checker}](../checks/${checker}.md)`;

const anchorOf = (field: Field): string => new GithubSlugger().slug(titleOf(field));

/** `; default: …` at the end of a description, which editors show, is an entry of the list here. */
const DEFAULT = /[;.] [dD]efault: (.*)$/s;

/** Returns the texts of a field, each once, without its default. */
const textOf = (field: Field | undefined): string =>
  [...new Set(field?.schemas.map(descriptionOf).filter(Boolean))].map((text) => linked(text)).join('. Or: ');

const descriptionOf = ({ const: value, description = '' }: Part): string => {
  const text = description.replace(DEFAULT, '');
  return value === undefined || text === '' ? text : `\`${value}\`: ${text}`;
};

function defaultOf(part: Part): string | undefined {
  if (part.default === undefined) return DEFAULT.exec(part.description ?? '')?.[1];
  return isEmpty(part.default) ? undefined : code(part.default);
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** Links the pages that a description names, such as docs/faults.md. */
const linked = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : withLinks(part)))
    .join('');

const withLinks = (text: string): string =>
  text
    .replace(/\bdocs\/([\w/-]+\.md)/g, (_, path) => `[${path}](../${path})`)
    .replace(/\bmocks\/README\.md/g, (path) => `[${path}](../../${path})`)
    .replace(/[\w:/-]*\$+\{[^}]*\}/g, (name) => `\`${name}\``);

const sentence = (text: string): string =>
  text === '' ? '' : `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.:]$/.test(text) ? '' : '.'}`;

const code = (value: unknown): string => {
  const text = typeof value === 'string' ? value : flow(value);
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
};

const flow = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true }).trim();

const NUMBERS: Readonly<Record<string, string>> = { integer: 'integer', number: 'number' };

function typeOf(part: Part): string {
  const forms = part.anyOf ?? part.oneOf;
  if (forms) return [...new Set(forms.map(typeOf))].join(' or ');
  if (part.const !== undefined) return code(part.const);
  if (part.enum) return part.enum.map(code).join(', ');
  const number = NUMBERS[part.type ?? ''];
  if (number) return `${number}${rangeOf(part)}`;
  if (part.type === 'string') return 'text';
  if (part.type === 'boolean') return '`true` or `false`';
  if (part.type === 'array') return part.items ? `list of ${typeOf(part.items)}` : 'list';
  if (part.type === 'object') {
    const { additionalProperties: value } = part;
    return typeof value === 'object' && Object.keys(value).length > 0 ? `${typeOf(value)} by name` : 'object';
  }
  return 'any JSON';
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Part): string {
  const from = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined;
  const to = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : exclusiveMaximum;
  const lowest =
    from === undefined ? (exclusiveMinimum === undefined ? '' : ` above ${exclusiveMinimum}`) : ` from ${from}`;
  return `${lowest}${to === undefined ? '' : lowest === '' ? ` up to ${to}` : ` to ${to}`}`;
}

/** Longer examples are in the guides. */
const LONGEST_EXAMPLE = 90;

/** Returns an example from the schema, or otherwise a value that one of the contracts has. */
function exampleOf({ path, schemas }: Field, contracts: readonly unknown[]): string | undefined {
  const [given] = schemas.flatMap(({ examples = [] }) => examples);
  const standard = schemas.find((part) => part.default !== undefined)?.default;
  const isPart = schemas.some(hasFields);
  const values = given === undefined && !isPart ? contracts.flatMap((contract) => valuesAt(contract, path)) : [given];
  const found = values.find((value) => value !== undefined && flow(value) !== flow(standard ?? null) && isShort(value));
  return found === undefined ? undefined : code(found);
}

const hasFields = ({ properties, anyOf = [], oneOf = [], additionalProperties: value }: Part): boolean =>
  properties !== undefined || [...anyOf, ...oneOf, ...(typeof value === 'object' ? [value] : [])].some(hasFields);

/** A contract in test/defects/ has ports that are free, and folders of this machine. */
function isShort(value: unknown): boolean {
  const text = typeof value === 'string' ? value : flow(value);
  const isLong = text.length > LONGEST_EXAMPLE || text.includes(process.cwd());
  return !isLong && !/^(\{\s*\}|\[\s*\]|null|)$|\n|127\.0\.0\.1:\d/.test(text);
}

function valuesAt(value: unknown, [name, ...rest]: readonly string[]): unknown[] {
  if (name === undefined) return [value];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const entries = Object.entries(value).filter(([key]) => name === 'NAME' || key === name);
  return entries.flatMap(([, inner]) => valuesAt(inner, rest));
}

/** Returns the guides that link to each page and field of the reference. */
async function guides(): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const path of (await Array.fromAsync(glob('docs/how-to/*.md'))).sort()) {
    const { links, title } = renderPage(await readFile(path, 'utf8'));
    if (basename(path) === 'README.md') continue;
    for (const target of new Set(links.flatMap((link) => /^\.\.\/contract\/(.+)$/.exec(link)?.[1] ?? []))) {
      found.set(target, [...(found.get(target) ?? []), `[${title}](../how-to/${basename(path)})`]);
    }
  }
  return found;
}

async function scriptsByCondition(): Promise<Map<string, string[]>> {
  const needed = (await describedScripts()).flatMap(({ script, proof: { conditions, beside } }) =>
    [...new Set([...conditions, ...beside.flat()])].map((condition) => ({ condition, script: script.name })),
  );
  return new Map(
    [...Map.groupBy(needed, ({ condition }) => condition)].map(([condition, of]) => [
      condition,
      of.map(({ script }) => script),
    ]),
  );
}

/** Wraps the paragraphs of a page. Lists, tables and headings have lines of their own. */
const page = (paragraphs: readonly string[]): string =>
  `${paragraphs
    .filter((text) => text !== '')
    .map((text) =>
      text.includes('\n') || text.startsWith('#') ? text.trimEnd() : fill(text.split(' '), 0, WIDTH).join('\n'),
    )
    .join('\n\n')}\n`;
