import { expect, test } from 'vitest';
import { answersInFolder } from '../../../../harness/init/found/in-folder.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const sourceIn = async (files: Record<string, string>) =>
  answersInFolder(await temporaryFolder(files), (message) => {
    throw new Error(message);
  });

test.each<[string, Record<string, string>, string, string | undefined]>([
  [
    'Sinatra',
    { 'app.rb': "get '/up' do\nend\npost '/notes' do\nend\nget '/notes/:id' do\nend\nget '/notes' do\nend\n" },
    'POST /notes, GET /notes',
    '/up',
  ],
  [
    'Rails',
    { 'config/routes.rb': "Rails.application.routes.draw do\n  get '/posts', to: 'posts#index'\nend\n" },
    'GET /posts',
    undefined,
  ],
  [
    'Spring',
    {
      'src/main/java/a/Api.java':
        '@GetMapping("/items")\nString all() {}\n@PostMapping(path = "/items")\nString add() {}\n',
    },
    'POST /items, GET /items',
    undefined,
  ],
  [
    'the server of the JDK',
    { 'src/Main.java': 'server.createContext("/healthz", a);\nserver.createContext("/visits", b);\n' },
    'GET /visits',
    '/healthz',
  ],
])('the routes of %s are found', async (_, files, endpoints, readyPath) => {
  const source = await sourceIn(files);
  expect(source('endpoints', {})?.answer).toBe(endpoints);
  expect(source('readyPath', {})?.answer).toBe(readyPath);
});

const ROUTES = "get '/up' do\nend\npost '/notes' do\nend\nget '/notes' do\nend\n";
const earlier = { endpoints: 'POST /notes, GET /notes' };

test.each<[string, string, (string | undefined)[]]>([
  [
    'all requests',
    "Rack::Attack.throttle('by ip', limit: 30, period: 60) do |request|\n  request.ip unless request.path == '/up'\nend\n",
    ['30 per 60 seconds', '30 per 60 seconds', 'main', 'clock', 'socket'],
  ],
  [
    'one endpoint',
    "throttle('posts', limit: 5, period: 1.minute) { |req|\n  req.ip if req.path == '/notes' && req.post?\n}\n",
    ['5 per 60 seconds', undefined, undefined, 'clock', 'socket'],
  ],
])('a limit of Rack::Attack for %s is found', async (_, text, answers) => {
  const source = await sourceIn({ 'app.rb': ROUTES, 'config/initializers/rack_attack.rb': text });
  const names = ['limit', 'notes.limit', 'notes.limitShares', 'window', 'client'];
  expect(names.map((name) => source(name, earlier)?.answer)).toEqual(answers);
  expect(source('limit', earlier)?.from).toBe('config/initializers/rack_attack.rb:1');
});

test('the attempts of Faraday are found if there is one upstream', async () => {
  const source = await sourceIn({
    'client.rb': 'Faraday.new do |f|\n  f.request :retry, max: 2, interval: 0.1\nend\n',
  });
  expect(source('rates.attempts', { upstreams: 'rates=rates.yaml' })).toEqual({ answer: '3', from: 'client.rb:2' });
  expect(source('rates.attempts', { upstreams: 'rates=a.yaml mail=b.yaml' })).toBeUndefined();
});

test.each([
  [
    "data = JSON.parse(request.body.read)\n  DB[:notes].insert(text: data.fetch('text'), by: data['by'])",
    '{"text":"hello ${unique}","by":"hello ${unique}"}',
  ],
  ['Note.create(text: params[:text])', 'text=hello ${unique}'],
  ['status 204', undefined],
])('a block of Sinatra that has %s takes the body %s', async (block, body) => {
  const source = await sourceIn({
    'app.rb': `post '/notes' do\n  ${block}\nend\nget '/notes' do\n  params['page']\nend\n`,
  });
  expect(source('body', earlier)?.answer).toBe(body);
});
