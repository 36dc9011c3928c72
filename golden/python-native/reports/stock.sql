SELECT item, count FROM stock ORDER BY item;
