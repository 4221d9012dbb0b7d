import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { gate } from '../harness/commands/gate.ts';

interface Step {
  uses?: string;
  run?: string;
}

const [workflow, action] = await Promise.all(
  ['.github/workflows/gate.yml', 'action.yml'].map(async (file) => parse(await readFile(file, 'utf8'))),
);
const steps: Step[] = [...workflow.jobs.gate.steps, ...action.runs.steps];

test('every action is pinned by a full commit hash', () => {
  const used = steps.flatMap(({ uses }) => uses ?? []);
  expect(used).toHaveLength(4);
  for (const one of used) expect(one).toMatch(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/);
});

test('no command contains a value of the workflow, which could inject a command', () => {
  const commands = steps.flatMap(({ run }) => run ?? []);
  expect(commands).toHaveLength(4);
  for (const command of commands) expect(command).not.toContain('${{');
});

test('the workflow may only read the repository', () => {
  expect(workflow.permissions).toEqual({ contents: 'read' });
  expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
});

test('the action measures as many rounds as the command', () => {
  const rounds = gate().options.find(({ long }) => long === '--rounds');
  expect(action.inputs.rounds.default).toBe(String(rounds?.defaultValue));
});
