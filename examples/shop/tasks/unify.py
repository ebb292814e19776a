"""Finds out which rows are the same customer, and the customer of each order.

Rows are the same customer when they share a member id, an e-mail address or a card. An order belongs to the customer of its
member id, else of its e-mail address. Without either, the customer becomes a guest.
"""

import hashlib
import os

import task

KEYS = ["member_id", "email", "card"]

sources = task.inputs()
members = task.read_back(sources["pull-members"]["file"])
orders = task.read_back(sources["pull-orders"]["file"])

# A forest of rows; each tree is one customer, and its root is its earliest row.
parents = list(range(len(members)))


def root(index):
    while parents[index] != index:
        parents[index] = parents[parents[index]]
        index = parents[index]
    return index


first_with = {}
for index, row in enumerate(members):
    for key in KEYS:
        if row[key]:
            other = first_with.setdefault((key, row[key]), index)
            low, high = sorted((root(index), root(other)))
            parents[high] = low

customers, customer_of = {}, {}
for index, row in enumerate(members):
    name = "customer-" + members[root(index)]["member_id"].removeprefix("member-")
    customer = customers.setdefault(name, {"customer_id": name, "kind": "member", "members": 0, "points": 0, "consent": 1})
    customer["members"] += 1
    customer["points"] = max(customer["points"], int(row["points"]))
    # One refusal of letters counts for the whole customer.
    customer["consent"] = min(customer["consent"], int(row["consent"]))
    for field in ["email", "city", "joined_on"]:
        customer[field] = customer.get(field) or row[field]
    for key in KEYS:
        if row[key]:
            customer_of[(key, row[key])] = name

by_key, anonymous = {"member_id": 0, "email": 0, "guest": 0}, 0
for order in orders:
    known = [key for key in ["member_id", "email"] if (key, order[key]) in customer_of]
    if known:
        by_key[known[0]] += 1
        order["customer_id"] = customer_of[(known[0], order[known[0]])]
    elif order["email"]:
        by_key["guest"] += 1
        name = "guest-" + hashlib.sha256(order["email"].encode()).hexdigest()[:8]
        customers.setdefault(
            name,
            {"customer_id": name, "kind": "guest", "members": 0, "points": 0, "consent": 0, "email": order["email"]},
        )
        customer_of[("email", order["email"])] = name
        order["customer_id"] = name
    else:
        anonymous += 1
        order["customer_id"] = ""

directory = task.directory()
customers_file, orders_file = os.path.join(directory, "customers.csv"), os.path.join(directory, "orders.unified.csv")
fields = ["customer_id", "kind", "members", "email", "city", "joined_on", "points", "consent"]
task.write_table(customers_file, fields, customers.values())
task.write_table(orders_file, ["order_id", "day", "customer_id", "product", "quantity", "cents"], orders)

found = sum(1 for customer in customers.values() if customer["kind"] == "member")
task.say(f"{len(members)} rows of members are {found} customers")
task.say(f"{len(orders)} orders: {by_key['member_id']} by member id, {by_key['email']} by e-mail address, "
         f"{by_key['guest']} of new guests, {anonymous} of unknown customers")
task.finish(customers_file=customers_file, orders_file=orders_file, customers=len(customers), members_merged=len(members) - found,
            orders=len(orders), matched_by=by_key, anonymous=anonymous)
