const fs = require("node:fs");
const http = require("node:http");

const mustache = require("mustache");

const template = fs.readFileSync("board.mustache", "utf8");

const server = http.createServer((request, response) => {
  if (request.url !== "/") {
    response.writeHead(404).end("not found\n");
    return;
  }
  const services = ["mail", "search"];
  response.setHeader("Content-Type", "text/html");
  response.end(mustache.render(template, { mode: process.env.NODE_ENV, services }));
});
server.listen(process.env.PORT || 4000);
process.on("SIGTERM", () => server.close(() => process.exit(0)));
