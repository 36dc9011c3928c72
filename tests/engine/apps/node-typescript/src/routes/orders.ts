import { Router } from "express";

interface Order {
  id: number;
  item: string;
}

const all: Order[] = [
  { id: 1, item: "tea" },
  { id: 2, item: "coffee" },
];

export const orders = Router();

orders.get("/", (_request, response) => {
  response.json(all);
});

orders.get("/:id", (request, response) => {
  const order = all.find((candidate) => candidate.id === Number(request.params.id));
  if (!order) {
    response.status(404).json({ error: "no such order" });
    return;
  }
  response.json(order);
});
