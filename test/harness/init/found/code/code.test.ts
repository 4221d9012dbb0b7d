import { expect, test } from 'vitest';
import { codeOf } from './code-of.ts';

const variablesIn = (files: Record<string, string>, examples?: Record<string, string>) =>
  codeOf(files, examples)
    .variables()
    .map(({ name, value, from }) => `${name}=${value} ${from}`)
    .sort();

test.each<[string, Record<string, string>, string[]]>([
  [
    'JavaScript',
    {
      'a.ts': `const port = Number(process.env.PORT) || 3000;
const { KEY, LIMIT = '20', URL: url } = process.env;
const a = process.env['QUOTED'] ?? 'x';
const b = process.env.WAIT ? Number(process.env.WAIT) : 5;
const c = number('HELPED', 7);
function number(name: string, usual: number) { return Number(process.env[name] ?? usual); }
t('NOT_READ', 1);`,
    },
    [
      'HELPED=7 a.ts:5',
      'KEY= a.ts:2',
      'LIMIT=20 a.ts:2',
      'PORT=3000 a.ts:1',
      'QUOTED=x a.ts:3',
      'URL= a.ts:2',
      'WAIT=5 a.ts:4',
    ],
  ],
  [
    'a schema of zod',
    {
      'env.ts': `export const env = z.object({
  PORT: z.coerce.number().default(8080),
  API_KEY: z.string(),
}).parse(process.env);`,
    },
    ['API_KEY= env.ts:3', 'PORT=8080 env.ts:2'],
  ],
  [
    'Python',
    {
      'a.py': `KEY = os.environ["KEY"]
PORT = int(os.getenv("PORT", "8000"))
URL = os.environ.get("URL") or "http://x"
class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_")
    rate: str = "20/minute"
    key: str = Field(alias="OPENAI_API_KEY")`,
    },
    ['APP_RATE=20/minute a.py:6', 'KEY= a.py:1', 'OPENAI_API_KEY= a.py:7', 'PORT=8000 a.py:2', 'URL=http://x a.py:3'],
  ],
  [
    'Go',
    {
      'a.go': `package a
type Config struct {
	Port int \`env:"PORT" envDefault:"8080"\`
}
var key = os.Getenv("KEY")
var wait = envInt("WAIT", 5)
func envInt(name string, usual int) int { return parse(os.Getenv(name), usual) }`,
    },
    ['KEY= a.go:5', 'PORT=8080 a.go:3', 'WAIT=5 a.go:6'],
  ],
])('variables of %s, with their defaults and lines', (_, files, variables) => {
  expect(variablesIn(files)).toEqual(variables);
});

test('an example of the environment overrides the default in the code', () => {
  expect(variablesIn({ 'a.js': 'process.env.WAIT ?? 60' }, { WAIT: '30' })).toEqual(['WAIT=30 a.js:1']);
});

test.each([
  ['a.ts', 'Number(process.env.WAIT_S ?? 60) * 1000', { value: 60_000, setting: { name: 'WAIT_S', factor: 1000 } }],
  ['a.ts', 'config.wait', { value: 5 }],
  ['a.py', 'timedelta(minutes=2)', { value: 120 }],
  ['a.go', 'time.Duration(envInt("WAIT", 3)) * time.Second', { value: 3, setting: { name: 'WAIT', factor: 1 } }],
  ['a.go', '30 * time.Second', { value: 30 }],
])('%s: %s', (file, expression, known) => {
  const helper = file.endsWith('.go') ? 'func envInt(n string, d int) int { return p(os.Getenv(n), d) }\n' : '';
  const begin = file.endsWith('.go') ? `package a\n${helper}var x = ` : file.endsWith('.py') ? 'x = ' : 'const x = ';
  const code = codeOf({ [file]: begin + expression, 'config.ts': 'export const config = { wait: 5 };' });
  const [module] = code.modules;
  const value = module?.definitions.find(({ name }) => name === 'x')?.value;
  expect(module && code.evaluate(value, module)).toMatchObject(known);
});
