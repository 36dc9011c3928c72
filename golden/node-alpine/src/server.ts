import express from "express";

const app = express();

app.get("/members", (_request, response) => {
  response.json(["Ada", "Grace"]);
});
app.listen(3000);
