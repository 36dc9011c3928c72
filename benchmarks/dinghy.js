// Parses a list of Dockerfiles with @tdurieux/dinghy each time it is asked, and answers with the seconds that it took.
// The first line of standard input is the list, as JSON; each line after it asks for one round.
"use strict";

const readline = require("readline");
const { dockerfileParser, File } = require(process.argv[2]);

let texts = null;

function round() {
  let refused = 0;
  const start = process.hrtime.bigint();
  for (const text of texts) {
    try {
      const parser = new dockerfileParser.DockerParser(new File(undefined, text));
      parser.parse();
      refused += parser.errors.length > 0;
    } catch (error) {
      refused += 1;
    }
  }
  return { seconds: Number(process.hrtime.bigint() - start) / 1e9, refused };
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  if (texts === null) {
    texts = JSON.parse(line);
  } else {
    process.stdout.write(JSON.stringify(round()) + "\n");
  }
});
