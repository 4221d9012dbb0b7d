import { Counter } from 'k6/metrics';

const reached = new Counter('reached');

export const options = { iterations: 6, thresholds: { reached: ['count==6'], iterations: ['count==6'] } };

/** Causes all kinds of script errors that do not end the process. */
export default async function (): Promise<void> {
  reached.add(1);
  if (__ITER === 0) await new Promise(() => {});
  if (__ITER === 1) Promise.resolve().then(() => Promise.reject(new Error('in a microtask')));
  if (__ITER === 2) setInterval(() => Promise.reject(new Error('in an interval')), 1);
  if (__ITER === 3) Promise.reject(undefined);
  if (__ITER === 4) {
    Promise.resolve().then(() => {
      throw new Error('thrown in a microtask');
    });
    await new Promise((resolve) => setTimeout(resolve, 10));
    console.log('never said');
  }
  if (__ITER === 5) new Promise((_, reject) => setTimeout(reject, 5, new Error('late')));
}
