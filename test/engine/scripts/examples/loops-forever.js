// says: begins
// says: teardown runs
export const options = {
  scenarios: { stuck: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '200ms' } },
};

export default function () {
  console.log('begins');
  for (;;) {
    try {
      for (;;);
    } catch {}
  }
}

export function teardown() {
  console.log('teardown runs');
}
