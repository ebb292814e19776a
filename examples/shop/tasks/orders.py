"""The shop's orders as its tills and its web site wrote them, and the valid ones among them."""

import task

COLUMNS = ["order_id", "ordered_at", "member_id", "email", "product", "quantity", "unit_price"]
CLEAN_COLUMNS = ["order_id", "day", "member_id", "email", "product", "quantity", "cents"]


def read(first=None, end=None):
    """The orders of the range, the rows that were put aside (each with its line and a reason), and how many lay outside."""
    kept, rejected, seen, outside = [], [], {}, 0
    # The first line of the file is its heading.
    for line, row in enumerate(task.read_table("orders.csv", COLUMNS), start=2):
        order = clean(row)
        reason = fault(order, seen)
        if reason:
            rejected.append({"line": line, "reason": reason, **row})
        elif task.in_range(order["day"], first, end):
            kept.append(order)
        else:
            outside += 1
        seen.setdefault(order["order_id"], order)
    return kept, rejected, outside


def clean(row):
    quantity = int(row["quantity"]) if row["quantity"].strip().isdigit() else 0
    return {
        "order_id": row["order_id"].strip(),
        "day": task.read_day(row["ordered_at"]),
        "member_id": row["member_id"].strip().lower(),
        "email": task.read_email(row["email"]) or "",
        "product": row["product"].strip(),
        "quantity": quantity,
        "cents": quantity * (task.read_cents(row["unit_price"]) or 0),
    }


def fault(order, seen):
    """The reason why an order is invalid; None if it is valid."""
    before = seen.get(order["order_id"])
    if not order["order_id"]:
        return "no order id"
    if not order["day"]:
        return "not a date"
    if order["quantity"] < 1:
        return "not a quantity"
    if order["cents"] <= 0:
        return "not a price"
    if before == order:
        return "the same order again"
    if before:
        return "another order of that id"
    return None
