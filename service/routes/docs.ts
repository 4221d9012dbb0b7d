import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import { createDocument } from '../openapi/document.ts';
import { renderPage, STYLE } from '../openapi/page.ts';

const page = renderPage(createDocument());
const styleHash = createHash('sha256').update(STYLE).digest('base64');
const POLICY = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** `GET /docs`: returns the OpenAPI document as a page without scripts or external resources. */
export const docs: RequestHandler = (_request, response) => {
  response.set('Content-Security-Policy', POLICY).type('text/html').send(page);
};
