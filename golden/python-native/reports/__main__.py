import os
from pathlib import Path

import psycopg2

QUERY = Path(__file__).with_name("stock.sql").read_text()

with psycopg2.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
    cursor.execute(QUERY)
    for row in cursor:
        print(*row, sep="\t")
