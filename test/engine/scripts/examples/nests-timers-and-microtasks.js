// says: teardown runs
export const options = {
  scenarios: { restless: { executor: 'constant-vus', vus: 2, duration: '1s', gracefulStop: '200ms' } },
};

export default function () {
  const again = () => setTimeout(again, 0);
  again();
  const soon = () => {
    Promise.resolve().then(soon);
  };
  if (__VU === 2) soon();
}

export function teardown() {
  console.log('teardown runs');
}
