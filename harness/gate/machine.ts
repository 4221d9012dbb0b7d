import { arch, availableParallelism, cpus, totalmem, type } from 'node:os';
import { z } from 'zod';

/** Properties of the machine that affect times. Runs that differ in one of them are not compared. */
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

/**
 * Describes this machine.
 *
 * @param engine The name of the engine.
 * @param postgres The description of the database; its version and address are left out.
 */
export function describeMachine(engine: string, postgres: string): Machine {
  return {
    ...{ os: type(), architecture: arch(), processor: cpus()[0]?.model.trim() || 'unknown' },
    ...{ cpus: availableParallelism(), memoryGiB: Math.round(totalmem() / 2 ** 30) },
    ...{ node: process.version.replace(/\..*/, ''), engine, postgres: postgres.replace(/ (\(|at ).*/, '') },
  };
}

/** Returns the differences of two machines, as `cpus: 2, not 4`; an empty list if they are of one kind. */
export const differences = (one: Machine, other: Machine): string[] =>
  (Object.keys(one) as (keyof Machine)[])
    .filter((fact) => one[fact] !== other[fact])
    .map((fact) => `${fact}: ${one[fact]}, not ${other[fact]}`);
