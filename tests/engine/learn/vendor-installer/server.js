const { execFileSync } = require('child_process');
const http = require('http');
const ms = require('ms');

http.createServer((request, response) => {
  response.end(execFileSync('/usr/local/bin/textkit', { input: `${request.url} ${ms(60000)}\n` }));
}).listen(3000);
