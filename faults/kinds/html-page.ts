import { STATUS_CODES } from 'node:http';
import { HttpResponse } from 'msw';
import { z } from 'zod';
import { defineFault } from './fault.ts';

/** Answers as a proxy in front of the provider does that can't reach it: an HTML page with `status` (default 502). */
export const htmlPage = defineFault({
  kind: 'html-page',
  does: "answers with the HTML page of a proxy that can't reach it",
  fields: {
    status: z.int().min(400).max(599).default(502).describe('a whole number from 400 to 599'),
  },
  create: ({ status }) => ({
    async answer() {
      const title = `${status} ${STATUS_CODES[status] ?? 'Error'}`;
      // nginx's own page.
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
      return HttpResponse.html(page, { status, headers: { server: 'nginx' } });
    },
  }),
});
