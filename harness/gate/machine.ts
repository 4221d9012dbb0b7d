import { arch, availableParallelism, cpus, totalmem, type } from 'node:os';
import { z } from 'zod';

/** What times depend on beside the service: times of two runs that differ in any of it are not compared. */
export const machineSchema = z.strictObject({
  os: z.string(),
  architecture: z.string(),
  processor: z.string(),
  cpus: z.int().positive(),
  memoryGiB: z.int().nonnegative(),
  node: z.string(),
  engine: z.string(),
  postgres: z.string(),
});

export type Machine = z.output<typeof machineSchema>;

/** The machine that this runs on, and what it runs with: the engine's name, and the kind of its PostgreSQL. */
export function describeMachine(engine: string, postgres: string): Machine {
  return {
    ...{ os: type(), architecture: arch(), processor: cpus()[0]?.model.trim() || 'unknown' },
    ...{ cpus: availableParallelism(), memoryGiB: Math.round(totalmem() / 2 ** 30) },
    ...{ node: process.version.replace(/\..*/, ''), engine, postgres: postgres.replace(/ (\(|at ).*/, '') },
  };
}

/** What is different, as `cpus: 2, not 4`; empty for machines of one kind. */
export const differences = (one: Machine, other: Machine): string[] =>
  (Object.keys(one) as (keyof Machine)[])
    .filter((fact) => one[fact] !== other[fact])
    .map((fact) => `${fact}: ${one[fact]}, not ${other[fact]}`);
