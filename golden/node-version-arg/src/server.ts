import { createServer } from "node:http";

createServer((_request, response) => {
  response.end(`${new Date().toISOString()} build ${process.env.BUILD_NUMBER}\n`);
}).listen(3000);
