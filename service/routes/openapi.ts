import type { RequestHandler } from 'express';
import { createDocument } from '../openapi/document.ts';

const text = JSON.stringify(createDocument());

/** `GET /openapi.json`: returns the OpenAPI document. */
export const openapi: RequestHandler = (_request, response) => {
  response.type('application/json').send(text);
};
