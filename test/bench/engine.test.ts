import { expect, test } from 'vitest';
import { lateness } from '../../bench/engine/arrivals.ts';
import { measureCommand } from '../../bench/engine/measure-command.ts';
import { startTarget } from '../../bench/engine/start-target.ts';

test("measures lateness from each request's scheduled time, whatever the order of arrival", () => {
  expect(
    lateness(
      [
        [2, 5_021],
        [0, 5_000],
        [1, 5_014],
      ],
      100,
    ),
  ).toEqual({ p50: 1, p99: 4, max: 4 });
});

test('measures the CPU time of a command, and fails if the command fails', async () => {
  const busy = `
    const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
    while (used() < 0.5);
    console.log(used());`;
  const { cpuSeconds, wallSeconds, output } = await measureCommand([process.execPath, '-e', busy]);
  // The command reports all its usage except for exiting. The shell measures in milliseconds.
  const used = Number(output);
  expect(cpuSeconds).toBeGreaterThan(used - 0.01);
  expect(cpuSeconds).toBeLessThan(2 * used);
  expect(wallSeconds).toBeGreaterThan(0.3);
  await expect(measureCommand(['node', '-e', 'console.error("broken"); process.exit(7)'])).rejects.toThrow(
    /ended with 7: broken/,
  );
});

test('the target counts requests since the last call, and records when numbered requests arrive', async () => {
  await using target = await startTarget();
  await fetch(target.origins.http);
  await fetch(target.origins.http, { headers: { n: '41' } });
  const { served, arrivals } = await target.seen();
  expect([served, arrivals.map(([n]) => n)]).toEqual([2, [41]]);
  expect(await target.seen()).toEqual({ served: 0, arrivals: [] });
});
