"""Writes the customers worth a letter: they accept letters, have spent something, and have not ordered lately."""

import os
import sqlite3
from collections import Counter

import task

SEGMENT = """
SELECT c.customer_id, c.email, coalesce(c.city, '') AS city, count(*) AS orders, sum(o.cents) AS cents, max(o.day) AS last_day
FROM customers AS c JOIN orders AS o USING (customer_id)
WHERE c.consent = 1 AND c.email IS NOT NULL
GROUP BY c.customer_id
HAVING orders >= 2 AND cents >= 5000 AND last_day <= date((SELECT max(day) FROM orders), '-45 days')
ORDER BY cents DESC, c.customer_id
"""

source = task.inputs()["build-database"]
database = sqlite3.connect(f"file:{source['file']}?mode=ro", uri=True)
database.row_factory = sqlite3.Row
rows = [dict(row) for row in database.execute(SEGMENT)]
customers, spent = database.execute("SELECT count(DISTINCT customer_id), coalesce(sum(cents), 0) FROM orders").fetchone()
database.close()

path = os.path.join(task.directory(), "segment.csv")
task.write_table(path, ["customer_id", "email", "city", "orders", "cents", "last_day"], rows)
counted = Counter(row["city"] or "unknown" for row in rows)
cities = counted.most_common(3)
share = sum(row["cents"] for row in rows)
task.say(f"{len(rows)} of {customers} customers who bought, worth {task.euros(share)} of {task.euros(spent)}")
for city, count in cities:
    task.say(f"  {city}: {count}")
letters = [{"name": city, "customers": count} for city, count in sorted(counted.items())]
task.finish(
    file=path, segment="valued and away", customers=len(rows), spent_cents=share, top_cities=dict(cities), cities=letters)
