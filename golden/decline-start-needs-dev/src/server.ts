import Fastify from "fastify";

const server = Fastify();

server.post("/hook", async () => ({ received: true }));
await server.listen({ host: "0.0.0.0", port: 4000 });
