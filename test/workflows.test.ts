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

test('every action is pinned by the full hash of a commit', () => {
  const used = steps.flatMap(({ uses }) => uses ?? []);
  expect(used).toHaveLength(3);
  for (const one of used) expect(one).toMatch(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/);
});

test("no command has a value of the workflow's in it, which could hold a command itself", () => {
  const commands = steps.flatMap(({ run }) => run ?? []);
  expect(commands).toHaveLength(3);
  for (const command of commands) expect(command).not.toContain('${{');
});

test('the workflow may read the repository and nothing else', () => {
  expect(workflow.permissions).toEqual({ contents: 'read' });
  expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
});

test('the action measures as many rounds as the command does', () => {
  const rounds = gate().options.find(({ long }) => long === '--rounds');
  expect(action.inputs.rounds.default).toBe(String(rounds?.defaultValue));
});
