import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProofloadError } from '../../../harness/base/errors.ts';
import { type Contract, contractSchema } from '../../../harness/contract/contract.ts';
import { withFiles } from '../../../harness/contract/load.ts';
import { hideSettings } from '../../../harness/contract/secret-settings.ts';
import { type Lab, startLab, startLabs } from '../../../harness/lab/lab.ts';
import { asAdmin, createDatabase } from '../../../harness/lab/postgres/database.ts';
import { type PrepareOptions, prepareDatabase } from '../../../harness/lab/prepare-database.ts';
import { sharedPostgres } from '../../support/embedded-postgres.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Runs a query on the database that it finds as a service does, and prints what it got. */
const MIGRATE = `
import { appendFileSync } from 'node:fs';
import pg from ${JSON.stringify(import.meta.resolve('pg'))};
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
appendFileSync(process.argv[2], 'once\\n');
await client.query('INSERT INTO items (name) VALUES (current_user), (current_database())');
await client.query(\`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = shop, public', current_database()); END $$\`);
await client.end();
`;

interface Files {
  readonly [name: string]: string;
}

const described = (database?: object): Contract =>
  contractSchema.parse({
    name: 'shop',
    start: { command: ['node', 'service.mjs'], readyPath: '/', readySeconds: 20 },
    ...(database && { database }),
    environment: { DATABASE_URL: '${postgres}', OTLP: '${otlp}', PORT: '${port}', PASSWORD: 'hunter2-hunter2' },
    endpoints: { read: { method: 'GET', path: '/', served: [200] } },
    profiles: { fast: {} },
  });

async function contractWith(database: object, files: Files = {}) {
  const folder = await temporaryFolder({ 'migrate.mjs': MIGRATE, ...files });
  const contract = described(database);
  hideSettings(contract);
  return { folder, contract: withFiles(contract, folder) };
}

const rowsOf = (url: string): Promise<string[]> =>
  asAdmin(url, async (client) =>
    (await client.query('SELECT name FROM items ORDER BY id')).rows.map(({ name }) => name),
  );

const namesIn = (url: string): Promise<string[]> =>
  asAdmin(url, async (client) => {
    const { rows } = await client.query('SELECT datname AS name FROM pg_database UNION SELECT rolname FROM pg_roles');
    return rows.map(({ name }) => name);
  });

const adminUrlOf = ({ postgres }: Lab): string => postgres?.adminUrl ?? '';

test('steps run once for all labs, and each scenario starts with a copy of what they made', async () => {
  const steps: string[] = [];
  const notes: string[] = [];
  const { folder, contract } = await contractWith(
    {
      schema: 'tables',
      migrate: [process.execPath, 'migrate.mjs', 'counted'],
      fixtures: ['a.sql', 'b.sql'],
    },
    {
      'tables/V2__second.sql': 'ALTER TABLE items ADD COLUMN second int',
      'tables/V10__tenth.sql': 'ALTER TABLE items RENAME COLUMN second TO tenth',
      'tables/V1__first.sql': 'CREATE TABLE items (id serial, name text); CREATE SCHEMA shop;',
      'tables/V10__tenth.down.sql': 'DROP TABLE items',
      'a.sql': "\\restrict x\nSET search_path = ''; INSERT INTO public.items (name) VALUES ('a');\n\\unrestrict x\n",
      'b.sql': "INSERT INTO items (name, tenth) VALUES ('b', 1)",
    },
  );
  await using labs = await startLabs(2, {
    postgres: 'embedded',
    contract,
    profile: 'fast',
    step: (text) => steps.push(text.replaceAll(folder, '')),
    note: (text) => notes.push(text),
  });
  expect(steps).toHaveLength(6);
  expect(steps[3]).toContain('migrate.mjs');
  expect(notes).toEqual([
    expect.stringMatching(/^The database was prepared in \d+\.\d s \(.*V1__first\.sql \d.*\)\.$/),
  ]);
  const [first, second] = [...labs] as [Lab, Lab];
  expect(adminUrlOf(first)).not.toBe(adminUrlOf(second));
  const { role } = second.prepared ?? {};
  for (const lab of labs) {
    await using copied = await createDatabase(adminUrlOf(lab), lab.prepared);
    expect(await rowsOf(copied.url)).toEqual([role, role, 'a', 'b']);
    await asAdmin(copied.url, async (service) => {
      expect((await service.query('SHOW search_path')).rows).toEqual([{ search_path: 'shop, public' }]);
      await service.query("INSERT INTO public.items (name) VALUES ('mine')");
      await service.query('ALTER TABLE public.items ADD COLUMN more int');
    });
    await using other = await createDatabase(adminUrlOf(lab), lab.prepared);
    expect(await rowsOf(other.url)).toHaveLength(4);
  }
  expect(await readFile(join(folder, 'counted'), 'utf8')).toBe('once\n');
});

const UNAVAILABLE = /extension "postgis" is not available[\s\S]*POSTGRES_IMAGE/;

let lab: Lab;
beforeAll(async () => {
  const { adminUrl } = await sharedPostgres();
  lab = await startLab({ postgres: adminUrl, contract: described(), profile: 'fast' });
});
afterAll(() => lab?.[Symbol.asyncDispose]());

/** Prepares a database on the shared server. */
function prepare(contract: Contract, options: Partial<PrepareOptions> = {}) {
  const { postgres, fakes, reaper } = lab;
  const { database } = contract;
  if (!postgres || !database) throw new Error('nothing to prepare');
  return prepareDatabase({ postgres, fakes, reaper }, database, { contract, profile: 'fast', ...options });
}

test.each<[string, object, Files, RegExp]>([
  [
    'a statement with an error, by its line',
    { schema: 'a.sql' },
    { 'a.sql': 'CREATE TABLE a (id int);\n\nCRATE TABLE b (id int);' },
    /^database\.schema: .*a\.sql:3: syntax error at or near "CRATE"$/,
  ],
  [
    'a command of psql',
    { schema: 'a.sql' },
    { 'a.sql': 'SELECT 1;\n\\connect shop\n' },
    /a\.sql:2: [\s\S]*are commands of psql/,
  ],
  [
    'rows that only psql reads',
    { fixtures: 'a.sql' },
    { 'a.sql': 'CREATE TABLE a (id int);\nCOPY public.a (id) FROM stdin;\n1\n\\.\n' },
    /^database\.fixtures: .*a\.sql:2: [\s\S]*pg_dump --inserts/,
  ],
  [
    'a role that the lab does not have',
    { schema: 'a.sql' },
    { 'a.sql': 'CREATE TABLE a (id int); ALTER TABLE a OWNER TO app;' },
    /role "app" does not exist\n.*--no-owner/,
  ],
  ['a missing extension', { schema: 'a.sql' }, { 'a.sql': 'CREATE EXTENSION postgis;' }, UNAVAILABLE],
  [
    'a statement outside of transactions',
    { schema: 'a.sql' },
    { 'a.sql': 'CREATE TABLE a (id int); CREATE INDEX CONCURRENTLY i ON a (id);' },
    /cannot run inside a transaction block\nput this statement alone into a file$/,
  ],
  ['a folder without SQL', { schema: 'empty' }, { 'empty/read.me': '' }, /the folder .* contains no \.sql file$/],
  [
    'a command that fails, with its whole output and without secrets',
    { migrate: ['sh', '-c', 'for i in $(seq 100); do echo "line $i $PASSWORD"; done; echo why >&2; exit 3'] },
    {},
    /^database\.migrate: sh -c .* ended with exit code 3\. Its output:\nline 1 [\s\S]*\nline 100 [\s\S]*why/,
  ],
  [
    'a command that there is not',
    { migrate: ['no-such-tool', 'up'] },
    {},
    /^database\.migrate: there is no program no-such-tool on PATH \(spawn no-such-tool ENOENT\)$/,
  ],
  [
    'a command that takes too long',
    { migrate: ['sleep', '60'], migrateSeconds: 0.2 },
    {},
    /sleep 60 did not end within 0\.2 s; allow more time with `database\.migrateSeconds`\. It printed nothing\.$/,
  ],
  [
    'a command that uses another database',
    { migrate: ['true'] },
    {},
    /contains no table; [\s\S]*is \$\{postgres\} one of/,
  ],
])('%s is named, and nothing is left', async (_, database, files, message) => {
  const { adminUrl } = await sharedPostgres();
  const before = await namesIn(adminUrl);
  const { contract } = await contractWith(database, files);
  const refused = await prepare(contract).catch((error) => error);
  expect(refused).toMatchObject({ code: 'DATABASE_NOT_PREPARED', exitCode: 1 });
  expect((refused as ProofloadError).message).toMatch(message);
  expect((refused as ProofloadError).message).not.toContain('hunter2');
  expect(await namesIn(adminUrl)).toEqual(before);
});

const TABLE = { schema: 'a.sql' };
const ITEMS = { 'a.sql': "CREATE TABLE items (id int, name text); INSERT INTO items VALUES (1, 'a')" };

test('an administrator who is not a superuser can copy the database, and nothing is left at the end', async () => {
  const { adminUrl } = await sharedPostgres();
  const url = new URL(adminUrl);
  Object.assign(url, { username: 'preparer', password: 'prepares' });
  await asAdmin(adminUrl, (admin) => admin.query("CREATE ROLE preparer LOGIN CREATEROLE CREATEDB PASSWORD 'prepares'"));
  const before = await namesIn(adminUrl);
  const { contract } = await contractWith(TABLE, ITEMS);
  {
    await using lab = await startLab({ postgres: url.href, contract, profile: 'fast' });
    await using database = await createDatabase(url.href, lab.prepared);
    expect(await rowsOf(database.url)).toEqual(['a']);
  }
  expect(await namesIn(adminUrl)).toEqual(before);
});

test('a command ends if the run is aborted', async () => {
  const { adminUrl } = await sharedPostgres();
  const { contract } = await contractWith({ migrate: ['sleep', '60'] });
  const aborting = new AbortController();
  const before = await namesIn(adminUrl);
  const step = () => setTimeout(() => aborting.abort(new Error('interrupted')), 100);
  await expect(prepare(contract, { signal: aborting.signal, step })).rejects.toThrow('interrupted');
  expect(await namesIn(adminUrl)).toEqual(before);
});
