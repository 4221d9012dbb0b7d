import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { answersInFolder } from '../../../../harness/init/found/in-folder.ts';

/** Returns the source for a folder with these files, and the messages about files that can't be read. */
async function sourceIn(files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-found-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const messages: string[] = [];
  const source = await answersInFolder(folder, (message) => messages.push(message));
  const answers = (...names: string[]) => names.map((name) => source(name, {})?.answer);
  return { answers, source, messages };
}

test('package.json gives the name, the command and the upstreams', async () => {
  const { answers } = await sourceIn({
    'package.json': JSON.stringify({
      name: 'desk',
      scripts: { start: 'node src/server.js --quiet' },
      dependencies: { 'groq-sdk': '1', fastify: '5' },
    }),
  });
  expect(answers('name', 'command', 'upstreams')).toEqual(['desk', 'node src/server.js --quiet', 'groq']);
});

test.each(['tsc && node dist/server.js', 'NODE_ENV=production node server.js', 'next start'])(
  'the script "%s" needs a shell or other programs, so npm runs it',
  async (start) => {
    const { answers } = await sourceIn({ 'package.json': JSON.stringify({ scripts: { start } }) });
    expect(answers('command')).toEqual(['npm start']);
  },
);

test.each([
  ['[project]\nname = "desk"\ndependencies = ["fastapi>=0.100", "groq[aiohttp]>=1 ; python_version > \'3.8\'"]'],
  ['[tool.poetry]\nname = "desk"\n[tool.poetry.dependencies]\nfastapi = "*"\ngroq = { version = "1" }'],
])('pyproject.toml gives the name and the upstreams, and a FastAPI application the command', async (pyproject) => {
  const { answers } = await sourceIn({
    'pyproject.toml': pyproject,
    'desk/api.py': 'import fastapi\n\napi: fastapi.FastAPI = fastapi.FastAPI(title="desk")\n',
    'tests/test_api.py': 'app = FastAPI()\n',
  });
  expect(answers('name', 'upstreams')).toEqual(['desk', 'groq']);
  expect(answers('command', 'portSetting')).toEqual(['uvicorn desk.api:api --host 127.0.0.1', 'UVICORN_PORT']);
});

test('two FastAPI applications give no command, and one in src is started with that folder', async () => {
  const two = await sourceIn({ 'a.py': 'app = FastAPI()\n', 'b.py': 'app = FastAPI()\n' });
  expect(two.answers('command')).toEqual([undefined]);
  const inSource = await sourceIn({ 'src/desk/main.py': 'app = FastAPI(\n)\n' });
  expect(inSource.answers('command')[0]).toMatch(/^uvicorn --app-dir src desk\.main:app /);
});

test.each([
  ['wsgi.py', 'from triage import create_app\n\napp = create_app()\n', 'gunicorn wsgi:app'],
  ['desk/__init__.py', 'app: Flask = flask.Flask(__name__)\n', 'gunicorn desk:app'],
  ['src/desk/wsgi.py', 'application = get_wsgi_application()\n', 'gunicorn --chdir src desk.wsgi:application'],
])('a Flask or Django application in %s is probably started by gunicorn', async (file, text, command) => {
  const { source } = await sourceIn({
    [file]: text,
    'factory.py': 'def create_app():\n    app = Flask(__name__)\n    return app\n',
    'tests/conftest.py': 'app = create_app()\n',
  });
  expect(source('command', {})).toEqual({
    answer: `${command} --bind 127.0.0.1:\${port}`,
    from: file,
    isGuess: true,
  });
});

test.each([
  ['module example.com/team/quotes/v2 // the second version\n\ngo 1.22\n', ['quotes', './quotes']],
  ['// the service\nmodule "quotes"\n', ['quotes', './quotes']],
  ['go 1.22\n', [undefined, undefined]],
])('go.mod gives the name, and suggests the program that go build writes: %j', async (text, found) => {
  const { answers, source } = await sourceIn({ 'go.mod': text });
  expect(answers('name', 'command')).toEqual(found);
  expect(source('command', {})?.isGuess).toBe(found[0] && true);
});

test('a certain answer of one file wins over a guess of another', async () => {
  const { source } = await sourceIn({ 'package.json': '{ "main": "index.js" }', 'app.py': 'app = FastAPI()\n' });
  expect(source('command', {})).toMatchObject({ from: 'app.py' });
});

test('a file that can not be parsed is named and ignored', async () => {
  const { answers, messages } = await sourceIn({
    'package.json': '{ "name": ',
    'pyproject.toml': '[project',
    'openapi.yaml': 'title: no such document',
    'requirements.txt': 'mem0ai',
  });
  expect(messages.map((message) => message.split(' ')[0])).toEqual(['package.json', 'pyproject.toml', 'openapi.yaml']);
  expect(answers('name', 'upstreams')).toEqual([undefined, 'mem0']);
});

test('an OpenAPI document gives endpoints', async () => {
  const paths = { '/ready': { get: { responses: { 200: {} } } } };
  const { answers } = await sourceIn({ 'docs/openapi.json': JSON.stringify({ openapi: '3.1.0', paths }) });
  expect(answers('readyPath')).toEqual(['/ready']);
});

const SERVER = `
import express from 'express';
const { OPENAI_API_KEY, LIMIT = '20', DATABASE_URL: url } = process.env;
const llm = process.env['LLM_URL'] ?? 'https://api.openai.com/v1';
const app = express();
app.get('/healthz', (_, response) => response.end());
app.get("/items/:id", read);
app.post('/items', store);
app.listen(process.env.PORT || 3000);
`;

test('JavaScript gives the variables that it reads, and suggests its routes', async () => {
  const { answers, source } = await sourceIn({
    'src/server.js': SERVER,
    'src/server.test.js': 'process.env.API_PORT; process.env.GROQ_API_KEY; app.post("/tested", x);',
    'dist/server.js': 'app.post("/built", x);',
  });
  expect(answers('portSetting', 'upstreams', 'openai.setting', 'openai.key', 'databaseSetting')).toEqual([
    'PORT',
    'openai',
    'LLM_URL=https://api.openai.com/v1',
    'OPENAI_API_KEY',
    'DATABASE_URL',
  ]);
  expect(source('portSetting', {})).toEqual({ answer: 'PORT', from: 'src/server.js' });
  for (const [name, answer] of Object.entries({
    readyPath: '/healthz',
    endpoint: 'POST /items',
    databaseSetting: 'DATABASE_URL',
  }))
    expect(source(name, {})).toMatchObject({ answer, isGuess: true });
});

test('an address in the code that no variable replaces is suggested to be fixed', async () => {
  const { source } = await sourceIn({
    'server.js': 'process.env.GROQ_API_KEY; fetch("https://api.groq.com/openai/v1/models"); app.get("/ready", x);',
  });
  expect(source('upstreams', {})).toMatchObject({ answer: 'groq', from: 'server.js' });
  expect(source('groq.setting', {})).toEqual({ answer: 'none', from: 'server.js', isGuess: true });
  const { source: other } = await sourceIn({
    'app.py': 'import os\nos.environ["PORT"]\n# not https://api.openai.com any more',
  });
  expect(other('upstreams', {})).toEqual({ answer: 'openai', from: 'app.py', isGuess: true });
});

const FLASK = `
import os
URL = os.environ.get("LLM_URL", "https://api.anthropic.com")
KEY, PORT = os.environ["ANTHROPIC_API_KEY"], int(os.getenv('PORT', 8000))
DATABASE = os.environ['DATABASE_URL']

@app.get("/healthz")
def health(): ...

@app.route("/tickets/<int:id>", methods=["PUT"])
def change(id): ...

@app.route('/tickets', methods=['GET', 'POST'])
def tickets(): ...
`;

test('Python gives the variables that it reads, and suggests its routes', async () => {
  const { answers, source } = await sourceIn({
    'desk/api.py': FLASK,
    'tests/test_api.py': '@app.post("/tested")\n',
    'venv/lib/api.py': 'os.environ["GROQ_API_KEY"]\n',
  });
  expect(answers('portSetting', 'upstreams', 'anthropic.setting', 'anthropic.key', 'databaseSetting')).toEqual([
    'PORT',
    'anthropic',
    'LLM_URL=https://api.anthropic.com',
    'ANTHROPIC_API_KEY',
    'DATABASE_URL',
  ]);
  for (const [name, answer] of Object.entries({ readyPath: '/healthz', endpoint: 'POST /tickets' }))
    expect(source(name, {})).toEqual({ answer, from: 'desk/api.py', isGuess: true });
});

test('an OpenAPI document and .env.example win over JavaScript', async () => {
  const { source } = await sourceIn({
    'server.js': SERVER,
    '.env.example': 'HTTP_PORT=3000\nOPENAI_BASE_URL=https://api.openai.com/v2',
    'openapi.json': JSON.stringify({ openapi: '3.1.0', paths: { '/ask': { post: {} }, '/live': { get: {} } } }),
  });
  expect(source('endpoint', {})).toMatchObject({ answer: 'POST /ask', from: 'openapi.json' });
  expect(source('readyPath', {})).toMatchObject({ answer: '/live' });
  expect(source('openai.setting', {})).toMatchObject({ answer: 'OPENAI_BASE_URL=https://api.openai.com/v2' });
  expect(source('portSetting', {})).toEqual({ answer: 'PORT', from: 'server.js' });
});

test('JavaScript that reads nothing gives no answers', async () => {
  const { answers } = await sourceIn({ 'index.js': 'export const port = 3000;' });
  expect(answers('portSetting', 'databaseSetting', 'endpoint', 'readyPath')).toEqual(Array(4).fill(undefined));
});
