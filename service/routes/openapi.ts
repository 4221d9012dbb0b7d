import type { RequestHandler } from 'express';
import { createDocument } from '../openapi/document.ts';

// Created on the first request. Otherwise, each start of the service would spend 25 ms of processor time on it.
let text: string | undefined;

/** `GET /openapi.json`: returns the OpenAPI document. */
export const openapi: RequestHandler = (_request, response) => {
  text ??= JSON.stringify(createDocument());
  response.type('application/json').send(text);
};
