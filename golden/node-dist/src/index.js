import Fastify from "fastify";

import entries from "./entries.json";

const server = Fastify({ logger: true });

server.get("/", async () => entries);
server.listen({ host: "0.0.0.0", port: 3000 });
