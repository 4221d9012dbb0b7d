import { z } from 'zod';
import { name } from '../../../faults/base/name.ts';
import { declaredUpstream } from '../../../mocks/declared-upstream.ts';

/** Names that have a different meaning in the control API and in histories. */
const RESERVED = ['database', 'all'];

export const upstreamName = name
  .refine((text) => !RESERVED.includes(text), `${RESERVED.join(' and ')} can't be names of upstreams`)
  .refine((text) => !/\.(host|port)$/.test(text), 'the name of an upstream does not end with .host or .port');

/** The upstreams that the lab starts for the service. */
export const upstreams = z
  .record(upstreamName, declaredUpstream)
  .describe(
    'the upstreams that the lab starts for the service, by a name of your choice, which `reaches`, ' +
      '`breakers.NAME.upstream` and ${upstream.NAME} use. Each has its own port, state, faults and receipts. ' +
      '${upstream.NAME} is its address with the base path, ${upstream.NAME.host} and ${upstream.NAME.port} its ' +
      'parts',
  );
