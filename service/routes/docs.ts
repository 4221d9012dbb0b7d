import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import { createDocument } from '../openapi/document.ts';
import { renderPage, STYLE } from '../openapi/page.ts';

const styleHash = createHash('sha256').update(STYLE).digest('base64');
const POLICY = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
// Created on the first request, like the document.
let page: string | undefined;

/** `GET /docs`: returns the OpenAPI document as a page without scripts or external resources. */
export const docs: RequestHandler = (_request, response) => {
  page ??= renderPage(createDocument());
  response.set('Content-Security-Policy', POLICY).type('text/html').send(page);
};
