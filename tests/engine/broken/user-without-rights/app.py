import sqlite3

sqlite3.connect("state.db").execute("create table t (x)")
