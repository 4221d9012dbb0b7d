import { expect, test } from 'vitest';
import { databaseSettings } from '../../../../harness/init/answers.ts';
import { answersInVariables, variablesIn } from '../../../../harness/init/found/in-environment-file.ts';
import { answersInFolder } from '../../../../harness/init/found/in-folder.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const unread = (message: string) => {
  throw new Error(message);
};

test.each<[string, Record<string, string>, string, string]>([
  [
    'Prisma with migrations',
    { 'prisma/schema.prisma': '', 'prisma/migrations/1/migration.sql': 'CREATE TABLE a (id int)' },
    'npx prisma migrate deploy',
    'prisma/schema.prisma',
  ],
  ['Prisma without migrations', { 'prisma/schema.prisma': '' }, 'npx prisma db push', 'prisma/schema.prisma'],
  ['Drizzle', { 'drizzle.config.ts': '', 'drizzle/0.sql': '' }, 'npx drizzle-kit migrate', 'drizzle.config.ts'],
  ['Knex', { 'knexfile.js': '', 'migrations/1.js': '' }, 'npx knex migrate:latest', 'knexfile.js'],
  [
    'TypeORM',
    { 'src/data-source.ts': "export default new DataSource({ type: 'postgres', migrations: ['a/*.ts'] });" },
    'npx typeorm-ts-node-commonjs migration:run -d src/data-source.ts',
    'src/data-source.ts',
  ],
  [
    'Alembic',
    { 'alembic.ini': '', '.venv/bin/python': '', '.venv/bin/alembic': '' },
    '.venv/bin/alembic upgrade head',
    'alembic.ini',
  ],
  [
    'a script of npm, unless it is for development',
    { 'package.json': '{"scripts":{"migrate":"prisma migrate dev","db:migrate":"knex migrate:latest"}}' },
    'npm run db:migrate',
    'package.json',
  ],
  [
    'Flask-Migrate',
    { 'migrations/alembic.ini': '', 'migrations/env.py': '', 'venv/bin/python': '', 'venv/bin/flask': '' },
    'venv/bin/flask db upgrade',
    'migrations/alembic.ini',
  ],
  [
    'the release phase',
    { Procfile: 'web: x\nrelease: bin/migrate\n', 'manage.py': 'django' },
    'bin/migrate',
    'Procfile',
  ],
  [
    'a release phase with a variable',
    { Procfile: 'release: sequel -m db $DATABASE_URL\n' },
    "sh -c 'sequel -m db $DATABASE_URL'",
    'Procfile',
  ],
  [
    'Sequel',
    { 'db/migrations/001_a.rb': 'Sequel.migration do\nend\n' },
    'sequel -m db/migrations ${postgres}',
    'db/migrations/001_a.rb',
  ],
  [
    'Django',
    { 'manage.py': 'from django.core.management import x', '.venv/bin/python': '' },
    '.venv/bin/python manage.py migrate --noinput',
    'manage.py',
  ],
  [
    'Rails',
    { 'config/application.rb': 'class A < Rails::Application' },
    'bin/rails db:migrate',
    'config/application.rb',
  ],
  ['Flyway', { 'flyway.toml': '', 'sql/V1__a.sql': '' }, 'flyway migrate', 'flyway.toml'],
  ['Liquibase', { 'liquibase.properties': '' }, 'liquibase update', 'liquibase.properties'],
  ['sqlx', { 'Cargo.toml': '[dependencies]\nsqlx = "0.8"', 'migrations/1.sql': '' }, 'sqlx migrate run', 'Cargo.toml'],
  ['goose', { 'db/migrations/1.sql': '-- +goose Up\nSELECT 1' }, 'goose -dir db/migrations up', 'db/migrations/1.sql'],
  ['SQL files', { 'db/migrations/1.up.sql': 'SELECT 1' }, 'db/migrations/', 'db/migrations/1.up.sql'],
  ['a SQL file', { 'db/schema.sql': 'SELECT 1' }, 'db/schema.sql', 'db/schema.sql'],
  [
    'a SQL file that the service runs itself',
    { 'schema.sql': 'SELECT 1', 'index.js': "await pool.query(readFileSync('schema.sql', 'utf8'));" },
    'none',
    'the code itself runs schema.sql',
  ],
])('tables made by %s are found', async (_, files, answer, from) => {
  const source = await answersInFolder(await temporaryFolder(files), unread);
  expect(source('tables', {})).toEqual({ answer, from });
});

test('nothing is found in packages, and in a folder without signs', async () => {
  const files = { 'node_modules/a/migrations/1.sql': '-- +goose Up', 'index.js': '', 'manage.py': 'print()' };
  const source = await answersInFolder(await temporaryFolder(files), unread);
  expect(source('tables', {})).toBeUndefined();
});

test('the parts of the address of PostgreSQL are found, and get their placeholders', () => {
  const example = 'PORT=80\nDB_HOST=localhost\nDB_PORT=5432\nDB_USER=app\nDB_PASSWORD=\nDB_NAME=shop\nREDIS_HOST=r\n';
  const { databaseSetting, portSetting } = answersInVariables(variablesIn(example, '.env.example'));
  expect(databaseSetting?.answer).toBe('DB_HOST DB_PORT DB_USER DB_PASSWORD DB_NAME');
  expect(portSetting?.answer).toBe('PORT');
  expect(databaseSettings.parse(databaseSetting?.answer)).toEqual({
    DB_HOST: '${postgres.host}',
    DB_PORT: '${postgres.port}',
    DB_USER: '${postgres.user}',
    DB_PASSWORD: '${postgres.password}',
    DB_NAME: '${postgres.database}',
  });
  expect(databaseSettings.parse('DATABASE_URL?sslmode=disable')).toEqual({
    DATABASE_URL: '${postgres}?sslmode=disable',
  });
  expect(databaseSettings.parse('DATABASE_URL=jdbc')).toEqual({
    DATABASE_URL:
      'jdbc:postgresql://${postgres.host}:${postgres.port}/${postgres.database}?user=${postgres.user}&password=${postgres.password}',
  });
  expect(databaseSettings.parse('DATABASE_URL')).toEqual({ DATABASE_URL: '${postgres}' });
  expect(databaseSettings.safeParse('DB_HOST DB_SSL').error?.issues[0]?.message).toContain('"DB_SSL" does not');
  expect(databaseSettings.safeParse('DB_HOST=').success).toBe(false);
  expect(answersInVariables(variablesIn('REDIS_HOST=r\nDB_NAME=shop\n', '.env')).databaseSetting).toBeUndefined();
});

test.each([
  ['URL=postgresql+asyncpg://u:p@h/d', 'URL=postgresql+asyncpg'],
  ['URL=postgres://h/d', 'URL'],
  ['URL=postgres://h/d?sslmode=disable', 'URL?sslmode=disable'],
  ['URL=jdbc:postgresql://h/d?user=u&password=p', 'URL=jdbc'],
  [
    'SPRING_DATASOURCE_URL=jdbc:postgresql://h/d\nSPRING_DATASOURCE_USERNAME=u\nSPRING_DATASOURCE_PASSWORD=p',
    'SPRING_DATASOURCE_URL=jdbc SPRING_DATASOURCE_USERNAME SPRING_DATASOURCE_PASSWORD',
  ],
])('the driver of a URL is kept: %s', (example, answer) => {
  const { databaseSetting } = answersInVariables(variablesIn(example, '.env.example'));
  expect(databaseSetting?.answer).toBe(answer);
});

test('a URL for lib/pq asks for no TLS, because that demands it by default', () => {
  const code = [{ file: 'main.go', text: 'import _ "github.com/lib/pq"' }];
  const [variable] = variablesIn('DATABASE_URL=postgres://localhost/links', '.env.example');
  const { databaseSetting } = answersInVariables(variable ? [variable] : [], { code: code as never });
  expect(databaseSetting?.answer).toBe('DATABASE_URL?sslmode=disable');
});

test('a URL of JDBC has no user if that has a variable of its own', () => {
  expect(databaseSettings.parse('A_URL=jdbc A_USERNAME A_PASSWORD')).toEqual({
    A_URL: 'jdbc:postgresql://${postgres.host}:${postgres.port}/${postgres.database}',
    A_USERNAME: '${postgres.user}',
    A_PASSWORD: '${postgres.password}',
  });
});
