import { z } from 'zod';
import { parseFields } from '../base/parse-fields.ts';
import { sendReceipts } from '../receipts/send-receipts.ts';
import type { Controlled } from './controlled.ts';
import type { Operation } from './operation.ts';
import { streamReceipts } from './stream-receipts.ts';

const sequenceNumber = z.coerce.number().int().min(0).default(0).describe('a whole number, 0 or more');

export function receiptOperations({
  receipts,
  upstreams,
}: Pick<Controlled, 'receipts'> & { readonly upstreams: ReadonlyMap<string, unknown> }): Operation[] {
  const names = [...upstreams.keys()];
  const ofUpstream = { upstream: z.enum(names).optional().describe(names.join(', ')) };
  const newer = { ...ofUpstream, after: sequenceNumber };
  return [
    {
      method: 'get',
      path: '/receipts',
      does: 'returns the receipts; ?upstream=NAME of one upstream, ?after=SEQ only newer ones',
      query: newer,
      prepare({ query }) {
        const { upstream, after } = parseFields(newer, query, 'receipts');
        return (response) => sendReceipts(response, receipts, { after, upstream });
      },
    },
    {
      method: 'get',
      path: '/receipts/count',
      does: 'counts the receipts; ?upstream=NAME of one upstream',
      query: ofUpstream,
      prepare({ query }) {
        const { upstream } = parseFields(ofUpstream, query, 'receipts/count');
        return () => ({ ...receipts.count(upstream), last: receipts.last });
      },
    },
    {
      method: 'get',
      path: '/receipts/stream',
      does: 'streams receipts as they end, as server-sent events; ?after=ID or Last-Event-ID resumes after that event',
      query: newer,
      prepare({ query }) {
        const { upstream, after } = parseFields(newer, query, 'receipts/stream');
        return (response) => streamReceipts(response, receipts, { after, upstream });
      },
    },
  ];
}
