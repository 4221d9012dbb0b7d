// Logs which requests use a proxy, and how.
import http from 'k6/http';
import ws from 'k6/ws';

const PROXY = `http://${__ENV.HOST}`;

export const options = {
  hosts: { 'shop.test': '127.0.0.1', 'direct.test': __ENV.HOST as string, 'socket.direct.test': '127.0.0.1' },
  systemTags: ['status', 'url'],
};

function seen(response: ReturnType<typeof http.get>): string {
  const { status, error_code, error, url, body } = response;
  return JSON.stringify([status, error_code, error, url, body]);
}

const through = (name: string, url: string) => {
  const got: string[] = [];
  try {
    const { status, error } = ws.connect(url, {}, (socket) => {
      socket.on('message', (text) => {
        got.push(text);
        socket.close();
      });
    });
    console.log(`${name}: ${status} ${error} ${got}`);
  } catch (error) {
    console.log(`${name}: threw ${error}`);
  }
};

export default function () {
  const tell = () => console.log(`seen: ${http.get(`${PROXY}/seen`).body}`);
  console.log(`http: ${seen(http.get('http://shop.test/a b?q=1#f'))}`);
  console.log(`again: ${seen(http.post('http://shop.test:81/x', 'body'))}`);
  console.log(`a host of its own: ${seen(http.get('http://shop.test/x', { headers: { host: 'other.test' } }))}`);
  console.log(`a user: ${seen(http.get('http://a:b@shop.test/x'))}`);
  console.log(
    `its own credentials: ${seen(http.get('http://shop.test/x', { headers: { 'proxy-authorization': 'X' } }))}`,
  );
  tell();
  console.log(`https: ${seen(http.get('https://api.groq.com/x?y'))}`);
  console.log(`on the same connection: ${seen(http.get('https://api.groq.com/z'))}`);
  console.log(`another port: ${seen(http.get('https://api.groq.com:443/z'))}`);
  console.log(`another name: ${seen(http.get('https://shop.test/x')).replace(/certificate is.*/, '')}`);
  tell();
  console.log(`refused: ${seen(http.get('https://refused.test/'))}`);
  console.log(`nonsense: ${http.get('https://broken.test/').status}`);
  console.log(`gone: ${seen(http.get('https://gone.test/'))}`);
  tell();
  console.log(`direct: ${http.get('http://direct.test/x').url}`);
  console.log(`loopback: ${http.get(`${PROXY}/x`).json('url')}`);
  console.log(`localhost: ${http.get(`http://localhost:${PROXY.split(':')[2]}/x`).json('url')}`);
  tell();
  through('ws', 'ws://shop.test/socket');
  through('wss', 'wss://api.groq.com/socket');
  tell();
}
