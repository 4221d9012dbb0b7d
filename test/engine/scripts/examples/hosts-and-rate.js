// says: 200 test.invalid
// says: paced true
import http from 'k6/http';

const { host, port } = /^http:\/\/(?<host>.*):(?<port>\d+)$/.exec(__ENV.TARGET).groups;

export const options = { rps: 20, hosts: { 'test.invalid': host }, iterations: 1 };

export default function () {
  const begun = Date.now();
  const res = http.get(`http://test.invalid:${port}/echo`);
  console.log(res.status, res.json('headers.host').split(':')[0]);
  for (let count = 0; count < 4; count += 1) http.get(`${__ENV.TARGET}/ok`);
  console.log('paced', Date.now() - begun >= 195);
}
