// says: [{"id":1},{"id":2}] [{"id":1},{"id":2},3] {"id":1}

import http from 'k6/http';

export default function () {
  const answer = http.get(`${__ENV.TARGET}/json`);
  const paths = ['list|@pretty', '[list,count]|@flatten:{"deep":true}', 'list|@join:{"preserve":true}'];
  console.log(...paths.map((path) => JSON.stringify(answer.json(path))));
}
