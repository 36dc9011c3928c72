import express from "express";

import { links } from "./links.js";

const app = express();

app.get("/:key", (request, response) => {
  const target = links.get(request.params.key);
  if (target) {
    response.redirect(target);
  } else {
    response.sendStatus(404);
  }
});
app.listen(process.env.PORT || 3000);
