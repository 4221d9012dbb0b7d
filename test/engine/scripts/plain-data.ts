import http from 'k6/http';
import { Counter } from 'k6/metrics';
import { state } from './lib-counter.ts';

const counter = new Counter('things');

export const options = { iterations: 2, thresholds: { counter: ['count>0'] } };
export const needs = { port: Number(__ENV.PORT), vu: __VU };
state.count += 1;
export const count = state.count;

export default async function (): Promise<void> {
  counter.add(1);
  await http.asyncRequest('GET', 'http://127.0.0.1:1/');
}
