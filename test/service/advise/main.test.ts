import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

async function adviseFrom(log: string, environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['service/advise/main.ts'], {
    env: { PATH: process.env.PATH, ...environment },
  });
  child.stdin.end(log);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}

/** A log with the given number of outages that ended with the first trial. */
function logOf(outages: number): string {
  const line = (time: number, state: string) =>
    JSON.stringify({ time, breaker: 'llm', state, failures: 5, recovery_seconds: 60, msg: 'x' });
  return Array.from({ length: outages }, (_, n) => n * 100_000)
    .flatMap((at) => [
      line(at, 'open'),
      '{"msg":"request ended"}',
      line(at + 60_000, 'half_open'),
      line(at + 60_500, 'closed'),
    ])
    .join('\n');
}

test('prints suggestions with reasons', async () => {
  const { code, stdout } = await adviseFrom(logOf(6));
  expect(code).toBe(0);
  expect(stdout).toMatch(/CIRCUIT_BREAKER_FAILURE_THRESHOLD +│ 5 +│ 8 /);
  expect(stdout).toMatch(/CIRCUIT_BREAKER_RECOVERY_TIMEOUT +│ 60 +│ 30 /);
  expect(stdout).toContain('100 % of the openings ended at the first trial');
});

test('exits with 3 if there is too little history', async () => {
  const { code, stdout } = await adviseFrom(logOf(5));
  expect(code).toBe(3);
  expect(stdout).toContain('5 of 6 required');
  expect((await adviseFrom('')).code).toBe(3);
});

test('exits with 2 if the log does not exist', async () => {
  const { code, stderr } = await adviseFrom('', { LOG: '/nowhere/service.log' });
  expect(code).toBe(2);
  expect(stderr).toContain('/nowhere/service.log');
});
