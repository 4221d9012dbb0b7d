import { existsSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import type { FoundAnswers } from './source.ts';

/** A sign of a tool that creates tables: a file, a text in it, and what the tool needs. */
interface Sign {
  /** A glob, or `code` for all files of the code. The first file that matches counts. */
  readonly file: string;
  readonly text?: RegExp;
  /** Returns the command. `tool` returns the words that start a Python tool. */
  readonly command: (file: string, folder: FolderOf) => string;
}

interface FolderOf {
  /** What the text matched. */
  readonly found: RegExpMatchArray | undefined;
  has(path: string): boolean;
  tool(name: string): string;
}

const CONFIG = '{js,ts,cjs,mjs}';

/** The folders in which services keep SQL files that create their tables, and the files' names. */
const SQL_FOLDERS = ['migrations', 'db/migrations', 'database/migrations', 'sql/migrations', 'db/migration'];
const SQL_FILES = ['schema.sql', 'db/schema.sql', 'sql/schema.sql', 'database/schema.sql', 'db/structure.sql']
  .concat(['init.sql', 'db/init.sql', 'sql/init.sql', 'database.sql', 'tables.sql', 'migration.sql'])
  .join(',');

/** The tools, the surest signs first. */
const SIGNS: readonly Sign[] = [
  {
    file: 'package.json',
    text: /"((?:db:)?migrat(?:e|ions?)(?::(?:deploy|run|up|latest|prod))?)"\s*:\s*"(?![^"]*\b(?:dev|create|generate|make|diff|reset)\b)/,
    command: (_, { found }) => `npm run ${found?.[1]}`,
  },
  {
    file: '{prisma/schema.prisma,schema.prisma}',
    command: (_, { has }) => (has('prisma/migrations') ? 'npx prisma migrate deploy' : 'npx prisma db push'),
  },
  {
    file: `drizzle.config.${CONFIG}`,
    command: (_, { has }) => (has('drizzle') ? 'npx drizzle-kit migrate' : 'npx drizzle-kit push --force'),
  },
  { file: `knexfile.${CONFIG}`, command: () => 'npx knex migrate:latest' },
  {
    file: 'code',
    text: /\bnew DataSource\(\s*\{[^}]*\bmigrations\s*:/,
    command: (file) => `npx ${file.endsWith('.ts') ? 'typeorm-ts-node-commonjs' : 'typeorm'} migration:run -d ${file}`,
  },
  { file: 'Procfile', text: /^release:\s*(\S.*)$/m, command: (_, { found }) => inShell(found?.[1]?.trim() ?? '') },
  // Flask-Migrate keeps the file of Alembic in the folder of the migrations, and is called by Flask.
  { file: 'migrations/alembic.ini', command: (_, { tool }) => `${tool('flask')} db upgrade` },
  { file: 'alembic.ini', command: (_, { tool }) => `${tool('alembic')} upgrade head` },
  {
    file: 'manage.py',
    text: /\bdjango\b/i,
    command: (_, { tool }) => `${tool('python3')} manage.py migrate --noinput`,
  },
  { file: 'config/application.rb', text: /\bRails\b/, command: () => 'bin/rails db:migrate' },
  { file: '{flyway.toml,flyway.conf,conf/flyway.conf}', command: () => 'flyway migrate' },
  { file: 'liquibase.properties', command: () => 'liquibase update' },
  { file: 'Cargo.toml', text: /^sqlx\b/m, command: () => 'sqlx migrate run' },
  {
    file: '{,*/,*/*/}*.sql',
    text: /^-- \+goose Up/m,
    command: (file) => `goose -dir ${file.split('/').slice(0, -1).join('/') || '.'} up`,
  },
  {
    file: 'db/{migrate,migrations}/*.rb',
    text: /Sequel\.migration/,
    command: (file) => `sequel -m ${file.replace(/\/[^/]*$/, '')} \${postgres}`,
  },
  { file: `{${SQL_FOLDERS.join(',')}}/*.sql`, command: (file) => file.replace(/[^/]*$/, '') },
  { file: `{${SQL_FILES}}`, command: (file) => file },
];

/** Returns a command of a shell as words. */
const inShell = (command: string): string =>
  /[&|;<>$"'`*]|^\w+=/.test(command) ? `sh -c '${command.replaceAll("'", '"')}'` : command;

/** The settings by which tools find the database that don't read the service's own. */
const SETTINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  flyway: {
    FLYWAY_URL: 'jdbc:postgresql://${postgres.host}:${postgres.port}/${postgres.database}',
    FLYWAY_USER: '${postgres.user}',
    FLYWAY_PASSWORD: '${postgres.password}',
  },
  liquibase: {
    LIQUIBASE_COMMAND_URL: 'jdbc:postgresql://${postgres.host}:${postgres.port}/${postgres.database}',
    LIQUIBASE_COMMAND_USERNAME: '${postgres.user}',
    LIQUIBASE_COMMAND_PASSWORD: '${postgres.password}',
  },
  goose: { GOOSE_DRIVER: 'postgres', GOOSE_DBSTRING: '${postgres}' },
  sqlx: { DATABASE_URL: '${postgres}' },
};

/** Returns the settings that a command which creates tables needs besides those of the service. */
export const settingsOfTool = (command: string): Readonly<Record<string, string>> =>
  SETTINGS[command.split(' ')[0] ?? ''] ?? {};

/**
 * Returns what creates a service's tables: the command of a tool, a SQL file, or a folder of them, which ends with `/`.
 * Returns none if the code names the SQL files, because the service then runs them when it starts.
 *
 * @param textIn Returns the text of a file in the folder, or undefined if there is none that can be read.
 * @param tool Returns the words that start a Python tool.
 */
export async function answersInMigrations(
  folder: string,
  textIn: (name: string) => Promise<string | undefined>,
  { code, tool }: { code: readonly { readonly file: string; readonly text: string }[]; tool: (name: string) => string },
): Promise<FoundAnswers> {
  const has = (path: string) => existsSync(`${folder}/${path}`);
  for (const { file: pattern, text, command } of SIGNS) {
    const files =
      pattern === 'code'
        ? code.map(({ file }) => file)
        : (await Array.fromAsync(glob(pattern, { cwd: folder, exclude: isElsewhere }))).sort();
    for (const file of files) {
      const found = text && (await textIn(file))?.match(text);
      if (text && !found) continue;
      const answer = command(file, { has, tool, found: found ?? undefined });
      const [named = file] = /[^/]+\/?$/.exec(answer) ?? [];
      const isRunByService = isSql(answer) && code.some((module) => module.text.includes(named.replace(/\/$/, '')));
      if (isRunByService) return { tables: { answer: 'none', from: `the code itself runs ${answer}` } };
      return { tables: { answer, from: file } };
    }
  }
  return {};
}

const isElsewhere = (path: string): boolean => /(^|\/)(node_modules|results|dist|\..*|venv|vendor)$/.test(path);

/** Whether the answer about tables names a SQL file or a folder, and not a command. */
export const isSql = (answer: string): boolean => /^\S+(\.sql|\/)$/.test(answer);
