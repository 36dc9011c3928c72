import express from "express";

import { orders } from "./routes/orders";

const app = express();
const port = Number(process.env.PORT ?? 3000);

app.use("/orders", orders);
app.get("/healthz", (_request, response) => {
  response.send("ok");
});
app.get("/env", (_request, response) => {
  response.json({ mode: process.env.NODE_ENV ?? null });
});

const server = app.listen(port, () => console.log(`listening on ${port}`));
process.on("SIGTERM", () => server.close(() => process.exit(0)));
