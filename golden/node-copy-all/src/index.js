import Koa from "koa";

import { greeting } from "./greeting.js";

const app = new Koa();

app.use((context) => {
  context.body = greeting(context.path.slice(1));
});
app.listen(process.env.PORT || 3000);
