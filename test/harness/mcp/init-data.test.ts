import { expect, test } from 'vitest';
import { initTask } from '../../../harness/mcp/init-data.ts';

const start = (answers: Record<string, string>) => () => initTask({ answers, start: true, force: false }, 'results');

test.each([
  [{ command: 'touch x' }, /answers.command: this is read only from files; write it in package.json/],
  [{ command: 'http://127.0.0.1:80; touch x' }, /answers.command/],
  [{ settings: 'NODE_OPTIONS=--require=/tmp/x' }, /answers.settings: this is read only from files; write it in .env/],
  [{ configFile: '/etc/passwd' }, /answers.configFile: "\/etc\/passwd" is not in the project/],
  [{ log: '../x.log' }, /answers.log: "..\/x.log" is not in the project/],
  [{ upstreams: 'llm=groq crm=../crm.yaml' }, /answers.upstreams: "..\/crm.yaml" is not in the project/],
  [{ upstreams: '/tmp/handlers.ts' }, /answers.upstreams: "\/tmp\/handlers.ts" is not in the project/],
  [{ upstreams: 'a=https://example.com' }, /answers.upstreams: "https:\/\/example.com" is not on this machine/],
  [{ upstreams: 'a=127.0.0.1.example.com:80' }, /answers.upstreams: .* is not on this machine/],
])('no answer is a command, another machine or a file elsewhere: %o', (answers, message) => {
  expect(start(answers)).toThrow(message);
});

test('other answers are passed on, each as one word', () => {
  const upstreams = 'llm=groq crm=./crm.yaml cache=127.0.0.1:6379 search=http://127.0.0.1:9200';
  const { args } = start({ command: 'http://127.0.0.1:8000', endpoints: '--help', upstreams, configFile: 'none' })();
  expect(args.slice(0, 3)).toEqual(['init', 'proofload.yaml', '--yes']);
  expect(args.slice(3)).toEqual([
    '--set=command=http://127.0.0.1:8000',
    '--set=endpoints=--help',
    `--set=upstreams=${upstreams}`,
    '--set=configFile=none',
  ]);
});
