// says: 200 201 200
// says: visits 3
// says: static 200 async 200
import http from 'k6/http';

class Client {
  visits = 0;
  open = (path) => this.#send(path);

  #send(path) {
    this.visits += 1;
    return http.get(`${__ENV.TARGET}${path}`).status;
  }

  load(path) {
    return this.#send(path);
  }

  static ping() {
    return new Client().load('/ok');
  }

  async later() {
    return this.load('/ok');
  }
}

class Page extends Client {
  load(path) {
    return super.load(path) + 1;
  }
}

export default async function () {
  const page = new Page();
  console.log(page.open('/ok'), page.load('/ok'), page?.open?.('/ok'));
  console.log('visits', page.visits);
  console.log('static', Client.ping(), 'async', await new Client().later());
}
