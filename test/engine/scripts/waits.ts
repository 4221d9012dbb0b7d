export const options = {
  scenarios: { one: { executor: 'constant-vus', vus: 2, duration: '20s', gracefulStop: '20s' } },
};

export default async function (): Promise<void> {
  console.log('iteration begins');
  await new Promise((resolve) => setTimeout(resolve, 15_000));
  console.log('iteration ends');
}

export function teardown(): void {
  console.log('teardown runs');
}
