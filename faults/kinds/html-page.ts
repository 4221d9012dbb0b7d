import { z } from 'zod';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/** Responds with an HTML error page, as from a proxy that can't reach the provider, with `status` (default 502). */
export const htmlPage = defineUpstreamFault({
  kind: 'html-page',
  does: "responds with the HTML page of a proxy that can't reach the provider",
  effect: 'fails',
  seen: { field: 'status' },
  fields: {
    status: z.int().min(400).max(599).default(502).describe('a whole number from 400 to 599'),
  },
  create: ({ status }) => ({
    async answer() {
      // Reading a contract loads all kinds of faults, but no HTTP.
      const { STATUS_CODES } = process.getBuiltinModule('node:http');
      const title = `${status} ${STATUS_CODES[status] ?? 'Error'}`;
      // This is the page that nginx sends.
      const page = [
        '<html>',
        `<head><title>${title}</title></head>`,
        '<body>',
        `<center><h1>${title}</h1></center>`,
        '<hr><center>nginx</center>',
        '</body>',
        '</html>',
        '',
      ].join('\r\n');
      const headers = { 'content-type': 'text/html', 'content-length': String(page.length), server: 'nginx' };
      return new Response(page, { status, headers });
    },
  }),
});
