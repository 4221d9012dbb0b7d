import { arch, availableParallelism, cpus, totalmem, type } from 'node:os';
import { z } from 'zod';

/** Properties of the machine that affect times. Runs on machines that differ in any of them are not compared. */
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
 * @param engine The engine's name.
 * @param postgres The database's description. Its version and address are omitted.
 */
export function describeMachine(engine: string, postgres: string): Machine {
  return {
    os: type(),
    architecture: arch(),
    processor: cpus()[0]?.model.trim() || 'unknown',
    cpus: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version.replace(/\..*/, ''),
    engine,
    postgres: postgres.replace(/ (\(|at ).*/, ''),
  };
}

/**
 * Returns the differences between two machines, for example `cpus: 2, not 4`. Returns an empty list if they are of the
 * same kind.
 */
export const differences = (one: Machine, other: Machine): string[] =>
  (Object.keys(one) as (keyof Machine)[])
    .filter((fact) => one[fact] !== other[fact])
    .map((fact) => `${fact}: ${one[fact]}, not ${other[fact]}`);
