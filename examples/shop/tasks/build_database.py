"""Builds the shop's database file from the unified tables, checks it, and moves it into place."""

import hashlib
import os
import sqlite3

import task

SCHEMA = """
CREATE TABLE customers (
    customer_id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('member', 'guest')), members INTEGER NOT NULL,
    email TEXT, city TEXT, joined_on TEXT, points INTEGER NOT NULL, consent INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE orders (
    order_id TEXT PRIMARY KEY, day TEXT NOT NULL, customer_id TEXT REFERENCES customers, product TEXT NOT NULL,
    quantity INTEGER NOT NULL, cents INTEGER NOT NULL CHECK (cents > 0)
) WITHOUT ROWID;
CREATE INDEX orders_of_customer ON orders (customer_id, day);
CREATE INDEX orders_by_day ON orders (day);
"""

source = task.inputs()["unify"]
path = os.path.join(task.directory(), "shop.db")
part = path + ".part"
if os.path.exists(part):
    os.remove(part)  # An earlier attempt was interrupted.

database = sqlite3.connect(part)
database.executescript(SCHEMA)
tables = {
    "customers": ["customer_id", "kind", "members", "email", "city", "joined_on", "points", "consent"],
    "orders": ["order_id", "day", "customer_id", "product", "quantity", "cents"],
}
counts = {}
for table, columns in tables.items():
    rows = [[row[column] or None for column in columns] for row in task.read_back(source[f"{table}_file"])]
    marks = ", ".join("?" for _ in columns)
    with database:
        database.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
    counts[table] = len(rows)
    task.say(f"{table}: {len(rows)} rows")

broken = database.execute("PRAGMA foreign_key_check").fetchall()
health = database.execute("PRAGMA integrity_check").fetchone()[0]
database.close()
if broken or health != "ok":
    task.fail("The database that was built is not sound.", {"orphans": len(broken), "integrity": health})
os.replace(part, path)

with open(path, "rb") as file:
    digest = hashlib.sha256(file.read()).hexdigest()
size = os.path.getsize(path)
task.say(f"{path}: {size:,} bytes, sound")
# The id that an external engine would give to its work; here it is a hash of the file.
task.finish(run_id=f"shop-db-{digest[:12]}", file=path, bytes=size, rows=counts)
