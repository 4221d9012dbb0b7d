// exit: 255
// logs: test run was aborted because the script fills the memory
export default function () {
  const all = [];
  for (;;) all.push(new Array(1_000).fill(Math.random()));
}
