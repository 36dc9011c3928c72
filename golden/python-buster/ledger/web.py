import os

import psycopg2
from flask import Flask

app = Flask(__name__)


@app.get("/balance")
def balance():
    with psycopg2.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(cents), 0) FROM booking")
        return {"cents": cursor.fetchone()[0]}
