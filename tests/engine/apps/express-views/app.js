const path = require("node:path");

const express = require("express");

const recipes = require("./recipes.json");

const app = express();
app.set("view engine", "ejs");
app.set("views", path.join(__dirname, "views"));
app.use(express.static(path.join(__dirname, "public")));

app.get("/healthz", (request, response) => response.send("ok"));

app.get("/", (request, response) => {
  response.render("index", { title: "Recipes", recipes });
});

app.use((request, response) => {
  response.status(404).render("missing", { title: "Not found", url: request.url });
});

const port = process.env.PORT || 3000;
const server = app.listen(port, () => console.log(`listening on ${port}`));
process.on("SIGTERM", () => server.close(() => process.exit(0)));
