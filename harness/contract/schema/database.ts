import { z } from 'zod';

const path = z.string().min(1);
const sqlFiles = z.union([path, z.array(path).min(1)], { error: 'expected a path, or a list of paths' });

/** How the database of a service gets its tables and rows. */
export const database = z
  .strictObject({
    schema: sqlFiles
      .optional()
      .describe(
        'SQL files that create the tables, such as `schema.sql`, or a folder, whose .sql files run in the order of ' +
          'their names (except *.down.sql). They run first, as the role of the service',
      ),
    migrate: z
      .array(z.string())
      .min(1)
      .optional()
      .describe(
        'the command that creates the tables, such as `[npx, prisma, migrate, deploy]`. It runs after `schema`, in ' +
          'the folder or the container of `start`, with the same environment and the same ${…} as the service, so ' +
          'it finds the database by the same setting',
      ),
    migrateSeconds: z.number().positive().max(3_600).default(120).describe('how long `migrate` may take'),
    fixtures: sqlFiles.optional().describe('SQL files with the rows that each scenario starts with; they run last'),
  })
  .refine(
    ({ schema, migrate, fixtures }) => [schema, migrate, fixtures].some((step) => step !== undefined),
    'needs schema, migrate or fixtures',
  )
  .describe(
    'how the database gets its tables and rows. The lab does this once for each run, and each scenario starts with ' +
      'a copy; default: the service creates its tables when it starts',
  );
