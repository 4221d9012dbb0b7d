import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { gate } from '../harness/commands/declarations.ts';
import reference from '../service/proofload.config.ts';

interface Step {
  uses?: string;
  run?: string;
  if?: string;
  env?: Record<string, string>;
}

const FILES = ['.github/workflows/gate.yml', '.github/workflows/nightly.yml', 'action.yml'];
const [gateWorkflow, nightly, action] = await Promise.all(
  FILES.map(async (file) => parse(await readFile(file, 'utf8'))),
);
const nightlySteps: Step[] = nightly.jobs.production.steps;
const nameSteps: Step[] = nightly.jobs.names.steps;
const steps: Step[] = [...gateWorkflow.jobs.gate.steps, ...nightlySteps, ...nameSteps, ...action.runs.steps];

test('every action is pinned by a full commit hash', () => {
  const used = steps.flatMap(({ uses }) => uses ?? []);
  expect(used).toHaveLength(6);
  for (const use of used) expect(use).toMatch(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/);
});

test('no command contains a value of the workflow, which could inject a command', () => {
  const commands = steps.flatMap(({ run }) => run ?? []);
  expect(commands).toHaveLength(6);
  for (const command of commands) expect(command).not.toContain('${{');
});

test('the workflows may only read the repository', () => {
  for (const { permissions, on } of [gateWorkflow, nightly]) {
    expect(permissions).toEqual({ contents: 'read' });
    expect(Object.keys(on)).not.toContain('pull_request_target');
  }
});

test('both suites run every night with the numbers of production, the second one even if the first one fails', () => {
  expect(nightly.on.schedule).toEqual([{ cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) }]);
  const suites = nightlySteps.filter(({ run }) => run?.startsWith('make '));
  expect(suites.map(({ run }) => run)).toEqual(['make stress', 'make chaos']);
  expect(suites.map(({ env }) => env)).toEqual(suites.map(() => ({ PROFILE: 'production' })));
  expect(suites[1]?.if).toBe('${{ !cancelled() }}');
  expect(reference.profiles).toHaveProperty('production');
});

test('services run every night with hostile names', () => {
  expect(nameSteps.at(-1)).toEqual({ run: 'make names' });
});

test('the report of a night that failed is kept where not everyone can read it', () => {
  const kept = { if: 'failure() && github.event.repository.private', with: { path: 'results/runs/' } };
  expect(nightlySteps.at(-1)).toMatchObject(kept);
});

test('the action measures as many rounds as the command', () => {
  const rounds = gate().options.find(({ long }) => long === '--rounds');
  expect(action.inputs.rounds.default).toBe(String(rounds?.defaultValue));
});
