import { z } from 'zod';

const name = z
  .string()
  .regex(/^[^/]/, 'must be relative to the folder of the process')
  .refine((text) => !text.split('/').includes('..'), 'must be inside the folder of the process');

/** Files that the lab writes for a service, such as its configuration. */
export const files = z
  .record(name, z.string())
  .describe(
    'files that the lab writes to ${folder} before a process of the service starts, such as its ' +
      'configuration: the content by name. The lab fills in ${…} ($${…} is the text ${…}); ${setting.NAME} is ' +
      'one of the variables in `environment`, so profiles and conditions can change it',
  );
