import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answersInFolder } from '../../../../harness/init/found/in-folder.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** Returns the source for a folder with these files, and the messages about files that can't be read. */
async function sourceIn(files: Record<string, string>) {
  const folder = await temporaryFolder(files);
  const messages: string[] = [];
  const source = await answersInFolder(folder, (message) => messages.push(message));
  const answers = (...names: string[]) => names.map((name) => source(name, {})?.answer);
  return { answers, source, messages };
}

test('package.json gives the name, the command, the upstreams and the retries of an SDK', async () => {
  const { answers, source } = await sourceIn({
    'package.json': JSON.stringify(
      {
        name: 'desk',
        scripts: { start: 'node src/server.js --quiet' },
        dependencies: { 'groq-sdk': '1', fastify: '5' },
      },
      null,
      2,
    ),
  });
  expect(answers('name', 'command', 'upstreams', 'groq.attempts', 'runtime')).toEqual([
    'desk',
    'node src/server.js --quiet',
    'groq',
    '3',
    'node',
  ]);
  expect(source('command', {})?.from).toBe('package.json:4');
});

test('pipes and folders in the place of files are named once, and nothing waits for them', async () => {
  const folder = await temporaryFolder({ 'go.mod': 'module example.com/desk\n' });
  const pipes = ['package.json', '.env.example', 'openapi.yaml', 'Procfile', 'server.js'];
  execFileSync('mkfifo', pipes, { cwd: folder });
  await mkdir(join(folder, 'main.py'));
  const messages: string[] = [];
  const source = await answersInFolder(folder, (message) => messages.push(message));
  expect(source('name', {})?.answer).toBe('desk');
  const ignored = [...pipes, 'main.py'].map((name) => `${name} is ignored: it is no regular file; allowed: a file`);
  expect(messages.sort()).toEqual(ignored.sort());
});

test.each([
  [{ start: 'tsc && node dist/server.js' }, 'npm start'],
  [{ start: 'NODE_ENV=production node server.js' }, 'npm start'],
  [{ start: 'tsx src/app.ts' }, 'node_modules/.bin/tsx src/app.ts'],
  [{ dev: 'node --watch server.js' }, 'node server.js'],
])('the scripts %j are started by "%s"', async (scripts, command) => {
  const { answers } = await sourceIn({ 'package.json': JSON.stringify({ scripts }), 'node_modules/.bin/tsx': '' });
  expect(answers('command')).toEqual([command]);
});

test.each([
  ['[project]\nname = "desk"\ndependencies = ["fastapi>=0.100", "groq[aiohttp]>=1 ; python_version > \'3.8\'"]'],
  ['[tool.poetry]\nname = "desk"\n[tool.poetry.dependencies]\nfastapi = "*"\ngroq = { version = "1" }'],
])('pyproject.toml gives the name and the upstreams, and a FastAPI application the command', async (pyproject) => {
  const { answers } = await sourceIn({
    'pyproject.toml': pyproject,
    'desk/api.py': 'import fastapi\n\napi: fastapi.FastAPI = fastapi.FastAPI(title="desk")\n',
    'tests/test_api.py': 'app = FastAPI()\n',
    '.venv/bin/python': '',
  });
  expect(answers('name', 'upstreams', 'runtime')).toEqual(['desk', 'groq', 'python']);
  expect(answers('command', 'portSetting')).toEqual([
    '.venv/bin/python -m uvicorn desk.api:api --host 127.0.0.1',
    'UVICORN_PORT',
  ]);
});

test('two FastAPI applications give no command, and one in src is started with that folder', async () => {
  const two = await sourceIn({ 'a.py': 'app = FastAPI()\n', 'b.py': 'app = FastAPI()\n' });
  expect(two.answers('command')).toEqual([undefined]);
  const inSource = await sourceIn({
    'src/desk/main.py': 'app = FastAPI(\n)\n',
    'venv/bin/python': '',
    'venv/bin/uvicorn': '',
  });
  expect(inSource.answers('command')[0]).toMatch(/^venv\/bin\/uvicorn --app-dir src desk\.main:app /);
});

test('a Flask application is probably started by gunicorn, and one that a function makes is not', async () => {
  const { source } = await sourceIn({
    'wsgi.py': 'from triage import create_app\n\napp = create_app()\n',
    'factory.py': 'def create_app():\n    app = Flask(__name__)\n    return app\n',
    'venv/bin/python': '',
    'venv/bin/gunicorn': '',
  });
  expect(source('command', {})).toMatchObject({
    answer: 'venv/bin/gunicorn wsgi:app --bind 127.0.0.1:${port}',
    from: 'wsgi.py:3',
  });
});

test.each([
  [
    'run.sh',
    '#!/bin/sh\nexport A=1\nexec uvicorn a:app --port "${API_PORT:-8000}"\n',
    'sh run.sh',
    'API_PORT',
    'run.sh:3',
  ],
  [
    'Procfile',
    'worker: x\nweb: ./server --listen 127.0.0.1:$PORT\n',
    `sh -c 'exec ./server --listen 127.0.0.1:$PORT'`,
    'PORT',
    'Procfile:2',
  ],
  ['Makefile', 'build:\n\tmake\nrun:\n\t@./server\n', './server', undefined, 'Makefile:4'],
])('%s starts the service', async (file, text, command, port, from) => {
  const { source, answers } = await sourceIn({ [file]: text });
  expect(source('command', {})).toMatchObject({ answer: command, from });
  expect(answers('portSetting')).toEqual([port]);
});

test('a script with a fixed port is not suggested', async () => {
  const { answers } = await sourceIn({
    'run.sh': 'exec uvicorn a:app --port 8000\n',
    Procfile: 'web: gunicorn a:app -b :8000',
  });
  expect(answers('command')).toEqual([undefined]);
});

const MAIN = 'package main\n\nfunc main() {\n\tmux.HandleFunc("/ready", h)\n}\n';

test('a Go program is built and started, and nothing is suggested that is not there', async () => {
  const { answers, source } = await sourceIn({
    'go.mod': 'module example.com/team/quotes/v2 // the second version\n\ngo 1.22\n',
    'cmd/quotes/main.go': MAIN,
  });
  expect(answers('name', 'runtime', 'readyPath', 'endpoints', 'portSetting', 'databaseSetting')).toEqual([
    'quotes',
    'go',
    '/ready',
    undefined,
    undefined,
    undefined,
  ]);
  expect(source('command', {})).toMatchObject({
    answer: 'sh -c "go build -o ${folder}/service ./cmd/quotes && exec ${folder}/service"',
    from: 'cmd/quotes/main.go:3',
  });
});

test('a file that can not be parsed is named and ignored', async () => {
  const { answers, messages } = await sourceIn({
    'package.json': '{ "name": ',
    'pyproject.toml': '[project',
    'openapi.yaml': 'title: no such document',
    'requirements.txt': 'mem0ai',
    'broken.js': 'app.post("/x", (',
  });
  expect(messages.map((message) => message.split(' ')[0]).sort()).toEqual([
    'openapi.yaml',
    'package.json',
    'pyproject.toml',
  ]);
  expect(answers('name', 'upstreams')).toEqual([undefined, 'mem0']);
});

const SERVER = `import express from 'express';
import CircuitBreaker from 'opossum';
import rateLimit from 'express-rate-limit';
import OpenAI from 'openai';
const client = new OpenAI({ baseURL: process.env.LLM_URL ?? 'https://api.openai.com/v1', maxRetries: 0 });
const breaker = new CircuitBreaker(ask, { volumeThreshold: 5, resetTimeout: 30_000, timeout: 3000 });
const app = express();
const limiter = rateLimit({ windowMs: 60_000, limit: Number(process.env.LIMIT ?? 20) });
app.get('/healthz', (_, response) => response.end());
app.post('/ask', limiter, (req, res) => res.json(req.body.question));
app.post('/notes', limiter, (req, res) => res.status(201).json(req.body.note));
app.listen(process.env.PORT || 3000);
`;

test('the code gives limits, breakers, retries and endpoints, each with its line', async () => {
  const { source } = await sourceIn({
    'server.js': SERVER,
    'server.test.js': 'app.post("/tested", x);',
    'dist/a.js': 'app.post("/b", x)',
  });
  const earlier = { upstreams: 'openai', endpoints: 'POST /ask, POST /notes' };
  const found = (name: string) => {
    const answer = source(name, earlier);
    return answer && [answer.answer, answer.from];
  };
  expect({
    endpoints: found('endpoints'),
    body: found('notes.body'),
    served: found('notes.served'),
    opens: found('openai.opens'),
    boundary: found('openai.boundary'),
    recovery: found('openai.recovery'),
    attempts: found('openai.attempts'),
    limit: found('limit'),
    shares: found('notes.limitShares'),
    setting: found('maxSetting'),
    window: found('windowSetting'),
  }).toEqual({
    endpoints: ['POST /ask, POST /notes', 'server.js:10, server.js:11'],
    body: ['{"note":"hello ${unique}"}', 'server.js:11'],
    served: ['201', 'server.js:11'],
    opens: ['50%', 'server.js:6, opossum'],
    boundary: ['above', 'server.js:6, opossum'],
    recovery: ['30', 'server.js:6, opossum'],
    attempts: ['1', 'server.js:5'],
    limit: ['20 per 60 seconds', 'server.js:8'],
    shares: ['main', 'server.js:8'],
    setting: ['LIMIT', 'server.js:8'],
    window: undefined,
  });
});

test.each([
  ['db.js', 'new pg.Pool({ max: Number(process.env.POOL ?? 8), connectionTimeoutMillis: 1500 });', ['8', '1.5']],
  ['db.py', 'engine = create_engine(url, pool_size=4, pool_timeout=3)', ['4', '3']],
])('%s gives the size of the connection pool', async (file, text, numbers) => {
  const { answers } = await sourceIn({ [file]: text });
  expect(answers('poolMax', 'poolWaitSeconds')).toEqual(numbers);
});

test('the main module of a package.json that only has tools is no command', async () => {
  const { answers } = await sourceIn({ 'package.json': '{ "main": "index.js", "devDependencies": {} }' });
  expect(answers('command')).toEqual([undefined]);
});

test('an address in the code that no variable replaces is suggested to be fixed', async () => {
  const { source } = await sourceIn({
    'server.js': 'process.env.GROQ_API_KEY;\nfetch("https://api.groq.com/openai/v1/models"); app.get("/ready", x);',
  });
  expect(source('upstreams', {})).toMatchObject({ answer: 'groq', from: 'server.js:1' });
  expect(source('groq.setting', {})).toMatchObject({ answer: 'none', from: 'server.js:1' });
});

test('an OpenAPI document wins over the code', async () => {
  const { source } = await sourceIn({
    'server.js': SERVER,
    'openapi.json': JSON.stringify({ openapi: '3.1.0', paths: { '/chat': { post: {} }, '/live': { get: {} } } }),
  });
  expect(source('endpoints', {})).toMatchObject({ answer: 'POST /chat', from: 'openapi.json' });
  expect(source('readyPath', {})).toMatchObject({ answer: '/live' });
});

test.each<[string, Record<string, string>, string]>([
  ['a package.json for tools', { 'package.json': '{"devDependencies":{"proofload":"0.2.0"}}', Gemfile: '' }, 'ruby'],
  ['a package.json with assets', { 'package.json': '{"dependencies":{"esbuild":"1"}}', Gemfile: '' }, 'ruby'],
  ['a Procfile', { Procfile: 'web: bundle exec puma -p $PORT\n', 'requirements.txt': 'requests\n' }, 'ruby'],
  ['a script', { 'run.sh': '#!/bin/sh\nexec ./venv/bin/python3.12 app.py\n', 'go.mod': 'module a\n' }, 'python'],
  ['a Makefile', { Makefile: 'run:\n\tjava -jar target/desk.jar\n', 'package.json': '{}' }, 'java'],
  [
    'an npm script beside tools in Python',
    { 'package.json': '{"scripts":{"start":"tsc && node dist/main.js"}}', 'requirements.txt': 'mkdocs\n' },
    'node',
  ],
])('what runs the service is known in spite of %s', async (_, files, runtime) => {
  expect((await sourceIn(files)).answers('runtime')).toEqual([runtime]);
});

/** The line that reads the tokens, by the file. */
const READS: Record<string, string> = {
  'app.js': 'const tokens = process.env.APP_TOKENS;\n',
  'app.py': 'tokens = os.environ["APP_TOKENS"]\n',
  'app.go': 'package main\nfunc read() { tokens := os.Getenv("APP_TOKENS") }\n',
};

test.each<[string, string]>([
  ['app.js', `if (!request.headers.authorization?.startsWith('Bearer ')) reply.code(401);\n`],
  ['app.js', 'const [, token] = /^Bearer (.+)$/.exec(header) ?? [];\n'],
  ['app.js', 'if (header !== `Bearer ${process.env.APP_TOKENS}`) return;\n'],
  ['app.py', 'if scheme.lower() != "bearer": raise Refused()\n'],
  ['app.py', 'security = HTTPBearer()\n'],
  ['app.go', 'func check() { token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ") }\n'],
])('code of %s that checks a token shows how callers authenticate: %s', async (file, text) => {
  const { answers } = await sourceIn({ [file]: READS[file] + text });
  expect(answers('authentication', 'keySetting')).toEqual(['bearer', 'APP_TOKENS']);
});

test.each<[string, string]>([
  ['app.js', 'headers.set("Authorization", "Bearer " + key);\n'],
  ['app.js', 'const headers = { authorization: `Bearer ${key}` };\n'],
  ['app.py', 'session.headers["Authorization"] = f"Bearer {key}"\n'],
  ['app.py', 'requests.get(url, headers={"Authorization": "Bearer " + key})\n'],
  ['app.go', 'func send() { req.Header.Set("Authorization", "Bearer "+key) }\n'],
])("code of %s that sends a token shows nothing about the service's callers: %s", async (file, text) => {
  const { answers } = await sourceIn({ [file]: READS[file] + text });
  expect(answers('authentication')).toEqual([undefined]);
});

test('a limit that no contract can describe is not suggested, and the reason is known', async () => {
  const { source } = await sourceIn({
    'app.ts': `ThrottlerModule.forRoot({ throttlers: [{ ttl: 60000, limit: 20 }] });
const guard = { provide: APP_GUARD, useClass: ThrottlerGuard };
@Controller('cats')
export class Cats {
  @Get()
  all() {}
}`,
  });
  const [unsaid, ...others] = ['limitUnsaid', 'limit', 'window', 'client'].map((name) =>
    source(name, { endpoints: 'GET /cats' }),
  );
  expect(unsaid).toEqual({ answer: expect.stringContaining('`blockDuration: 0`'), from: 'app.ts:1' });
  expect(others).toEqual([undefined, undefined, undefined]);
});
