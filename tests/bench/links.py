# SPDX-License-Identifier: Apache-2.0
"""A trace graph alone, without the events it came from: as many links as a county collects in years, in minutes.

The tables are the plugin's own. Their rows are what capture leaves there, in the same order: nodes are numbered as
they are first named, so the lots that hang together lie scattered among the others as they do in a county's database.
Two kinds of process, as in Mix.h:

    others   two lots packed into one, which meet nothing else: 3 links
    chain    a lot and its neighbour mixed and split into ten, level by level, from one lot: 12 links
"""
import sqlite3

FAN = 10
LOT, PROCESS = 0, 4
INPUT, OUTPUT = 1, 2
FIRST = "START"
KILOGRAM = int.from_bytes(b"KGM", "big")
BEGIN = 1_767_196_800_000_000
SECOND = 1_000_000


class Numbers:
    def __init__(self):
        self.sequence = 0

    def next(self, kind):
        self.sequence += 1
        return self.sequence << 3 | kind


def process(inputs, node, outputs, number):
    at = BEGIN + number * SECOND
    for lot in inputs:
        yield lot, INPUT, at, node, number, at, 500_000_000, KILOGRAM
    for lot in outputs:
        yield node, OUTPUT, at, lot, number, at, 100_000_000, KILOGRAM


def links(edges, lots):
    """The rows of both tables: src, kind, start_at, dst, event, end_at, amount, unit."""
    numbers = Numbers()
    chain = [numbers.next(LOT)]
    level, following, place = chain, [], 0
    chained = -(-(lots - 1) // FAN)
    others = max(0, (edges - lots - 2 * chained) // 3)
    every = max(1, others // chained)
    event = made = 0
    while made < chained or event - made < others:
        event += 1
        if made < chained and (event % (every + 1) == 0 or event - made > others):
            if place == len(level):
                level, following, place = following, [], 0
            node = numbers.next(PROCESS)
            outputs = [numbers.next(LOT) for _ in range(min(FAN, lots - 1 - made * FAN))]
            inputs = {level[place], level[(place + 1) % len(level)]}
            following += outputs
            place += 1
            made += 1
            yield from process(sorted(inputs), node, outputs, event)
        else:
            inputs = [numbers.next(LOT), numbers.next(LOT)]
            yield from process(inputs, numbers.next(PROCESS), [numbers.next(LOT)], event)


def fill(database, migrations, edges, lots):
    """Writes the tables into a new file. Gives the number of links; the chain's first lot is called FIRST."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -262144")
    for name in ("0002_trace.sql", "0003_catalogue.sql"):
        connection.executescript((migrations / name).read_text(encoding="utf-8"))
    connection.execute("BEGIN")
    connection.execute("INSERT INTO traceability_lot (node, gtin, lot, organisation, first_at) "
                       "VALUES (?, ?, ?, 1, ?)", (1 << 3 | LOT, "09521141123454", FIRST, BEGIN))
    count = 0
    some = []

    def write():
        for table in ("traceability_edge_f", "traceability_edge_b"):
            connection.executemany(f"INSERT INTO {table} (src, kind, start_at, dst, event, end_at, amount, unit) "
                                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?)", some)

    for row in links(edges, lots):
        some.append(row)
        if len(some) == 100_000:
            write()
            count += len(some)
            some.clear()
    write()
    count += len(some)
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    return count
