// says: true greeting.txt text/plain hello
// says: true
import http from 'k6/http';

const data = http.file('hello', 'greeting.txt', 'text/plain');

export default function () {
  const res = http.post(`${__ENV.TARGET}/echo`, { field: 'value', file: data });
  const body = res.json('body');
  const [, name, type, content] = /filename="(.*?)"\r\nContent-Type: (.*?)\r\n\r\n(.*?)\r\n/.exec(body);
  console.log(/^multipart\/form-data; boundary=/.test(res.json('headers.content-type')), name, type, content);
  console.log(body.includes('name="field"\r\n\r\nvalue'));
}
