// logs: GoError: a script can't end the process: exec.test.abort() ends the test
// says: undefined
export default function () {
  console.log(typeof process);
  new Function('process.exit(3)')();
}
