# SPDX-License-Identifier: Apache-2.0
"""What is measured. Each function is one section of the report."""
import re
import statistics
import subprocess
import time
from dataclasses import dataclass

from links import FIRST, fill
from servers import PAGE, Daemon, Target, fetch

RATE = 2000
IDLE = 10_000
OURS = "ours"

PAGE_NOTE = (
    "Ours: session, permission, switch of the bureau, gateway, plugin, SQLite, template. Django: session, account, "
    "permission and 20-row query in SQLite, CSRF and template, under gunicorn (gthread, 2 · cores + 1 workers of 4 "
    "threads). Bare Poco: the same statements and templates, 64 threads, no session, no plugin. nginx: our page's "
    f"bytes as a file. Ratios are of the same round. At a fixed {RATE:,}/s latency counts from when a request was "
    "due; unanswered 10 s after the end is failed, and p99 is of the answered."
)
IDLE_NOTE = (
    "The daemon on the seeded county, started anew each round; one person has signed in before (hashing a password "
    "takes its memory once). 200 pages over one more connection."
)
CAPTURE_NOTE = (
    "Checked, hashed, stored with keys, edges and findings; counted when the job is done or the event is answered "
    "201. The disk is that of the temporary folder. No peer."
)
TRACE_NOTE = (
    "The lots hang together by 1,000 processes that each mix two lots into ten, five levels deep. The search alone "
    "is the plugin's search over its tables, forward; the page is the regulator's: both directions searched whole, "
    "all places summed up, the first page of rows, drawings. The first run of each, which reads from disk, has its "
    "own row."
)


@dataclass
class Plan:
    rounds: int
    seconds: int
    events: int
    captured: int
    edges: int = 0


def middle(values):
    return statistics.median(values)


def verdict(value, aim, *, below=False, times=False):
    met = value <= aim if below else value >= aim
    return f"{value:.2f}{' ×' if times else ''}, {'met' if met else '**missed**'}"


def saturated(target, connections, seconds):
    """Requests a second by wrk; a failure among them is one that must be seen."""
    words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s"]
    if target.cookie:
        words += ["-H", f"Cookie: {target.cookie}"]
    words.append(f"http://127.0.0.1:{target.port}{PAGE}")
    text = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    if failed:
        print(f"{target.name}, {connections} connections: {failed[1]} answers were no 200", flush=True)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])


def page(servers, plan, report):
    daemon = servers.county()
    cookie = daemon.cookie("regulator")
    ours = Target(OURS, daemon.port, cookie)
    body = servers.await_page(ours.port, PAGE, cookie)
    rows = body.count(b"<tr>") - 1
    if rows != 20:
        raise RuntimeError(f"the page has {rows} rows")
    copy = servers.copy_of(daemon)
    targets = [ours, servers.django(copy), servers.bare_poco(copy), servers.nginx(body)]
    sizes = {each.name: len(servers.await_page(each.port, PAGE, each.cookie)) for each in targets}

    found = {each.name: {key: [] for key in ("at32", "at500", "served", "p50", "p99", "rate", "failed")}
             for each in targets}
    for turn in range(plan.rounds):
        # Another one begins each round, so that none always follows the same neighbour.
        for each in targets[turn % len(targets):] + targets[: turn % len(targets)]:
            into = found[each.name]
            into["at32"].append(saturated(each, 32, plan.seconds))
            into["at500"].append(saturated(each, 500, plan.seconds))
            [closed] = servers.tool("bench_load", "closed", each.port, PAGE, each.cookie, 500, plan.seconds)
            into["served"].append(int(closed[2]))
            [steady] = servers.tool("bench_load", "steady", each.port, PAGE, each.cookie, RATE, 500,
                                    plan.seconds)
            into["p50"].append(int(steady[3]) / 1000)
            into["p99"].append(int(steady[4]) / 1000)
            into["failed"].append(int(steady[1]))
            print(f"round {turn + 1} {each.name}: {into['at32'][-1]:.0f}/s {into['at500'][-1]:.0f}/s"
                  f" p99 {into['p99'][-1]:.1f} ms", flush=True)

    def ratios(key, peer):
        return [a / b for a, b in zip(found[OURS][key], found[peer][key])]

    report.section("A signed-in page with a 20-row table",
                   PAGE_NOTE + " Bytes a page: " + ", ".join(f"{name} {size:,}" for name, size in sizes.items()) + ".")
    django, poco, nginx = (each.name for each in targets[1:])
    for key, connections, aims in (("at32", 32, ((django, 8), (poco, 0.7), (nginx, None))),
                                   ("at500", 500, ((django, 8), (poco, 1), (nginx, None)))):
        report.row(f"{OURS}, saturated, {connections} connections", "requests/s", found[OURS][key])
        for peer, aim in aims:
            ratio = ratios(key, peer)
            report.row(f"{peer}, saturated, {connections} connections", "requests/s", found[peer][key],
                       f"ours ≥ {aim} ×" if aim else "",
                       verdict(middle(ratio), aim, times=True) if aim else f"{middle(ratio):.2f} ×")
    for each in targets:
        report.row(f"{each.name}, connections served of 500 within {plan.seconds} s", "connections",
                   found[each.name]["served"])
    for each in targets:
        into = found[each.name]
        report.row(f"{each.name}, p99 at {RATE:,} requests/s over 500 connections", "ms", into["p99"],
                   "≤ 25 ms" if each.name == OURS else "",
                   verdict(middle(into["p99"]), 25, below=True) if each.name == OURS
                   else f"ours takes {middle(ratios('p99', each.name)):.3g} ×")
        report.row(f"{each.name}, p50 at the same", "ms", into["p50"])
        report.row(f"{each.name}, failed of {RATE * plan.seconds:,} at the same", "requests", into["failed"],
                   "0" if each.name == OURS else "")
    daemon.stop()


def idle(servers, plan, report):
    before, after, p50, p99, opened = [], [], [], [], []
    for _ in range(plan.rounds):
        daemon = servers.daemon("county")
        cookie = daemon.cookie("regulator")
        fetch(daemon.port, PAGE, cookie)
        before.append(daemon.resident_mb())
        words = [servers.tools / "bench_load", "idle", str(daemon.port), str(IDLE), PAGE, cookie]
        holder = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        words = holder.stdout.readline().split()
        after.append(daemon.resident_mb())
        holder.communicate("\n")
        if not words:
            raise RuntimeError("the idle connections did not open")
        opened.append(int(words[0]))
        p50.append(int(words[1]) / 1000)
        p99.append(int(words[2]) / 1000)
        daemon.stop()
    report.section(f"{IDLE:,} idle connections", IDLE_NOTE)
    report.row("connections held", "connections", opened)
    report.row("resident before", "MiB", before)
    report.row("resident with them", "MiB", after, "< 60", verdict(middle(after), 60, below=True))
    report.row("resident for one connection", "KiB",
               [(a - b) * 1024 / n for a, b, n in zip(after, before, opened)])
    report.row("the 20-row page meanwhile, p50", "ms", p50)
    report.row("the 20-row page meanwhile, p99", "ms", p99, "< 50", verdict(middle(p99), 50, below=True))


def start(servers, plan, report):
    took, resident = [], []
    for _ in range(plan.rounds):
        daemon = Daemon(servers.root, servers.build, servers.scratch / "county", servers.log)
        servers.daemons.append(daemon)
        began = time.monotonic()
        daemon.start()
        while True:
            try:
                if fetch(daemon.port, "/traceability")[0] == 200:
                    break
            except OSError:
                pass
            if time.monotonic() - began > 30:
                raise RuntimeError("no page within 30 s")
            time.sleep(0.001)
        took.append(time.monotonic() - began)
        resident.append(daemon.resident_mb())
        daemon.stop()
    report.section("Start with the seeded county",
                   "From exec to the plugin's own page, asked for every millisecond.")
    report.row("start to first page", "s", took, "< 0.5", verdict(middle(took), 0.5, below=True))
    report.row("resident then", "MiB", resident, "< 40", verdict(middle(resident), 40, below=True))


def capture(servers, plan, report):
    daemon = servers.daemon("capture")
    many, one = [], []
    for _ in range(plan.rounds):
        [words] = servers.tool("bench_capture", "documents", daemon.url, daemon.token, plan.captured, 1000)
        many.append(int(words[0]) / float(words[1]))
        [words] = servers.tool("bench_capture", "single", daemon.url, daemon.token, plan.seconds, 8)
        one.append(int(words[0]) / float(words[1]))
    daemon.stop()
    report.section("Capture, durable", CAPTURE_NOTE)
    for what, values, aim in (("documents of 1,000, two senders", many, 5000),
                              ("one event a request, eight clients", one, 1000)):
        report.row(what, "events/s", values, f"{aim:,}", verdict(middle(values) / aim, 1, times=True))


def trace(servers, plan, report):
    daemon = servers.daemon("trace")
    filled, [lot_page] = servers.tool("bench_capture", "fill", daemon.url, daemon.token, plan.events, 10_000)
    cookie = daemon.cookie("regulator")
    lot = lot_page.rsplit("/", 1)[1]
    alone = servers.tool("bench_trace", daemon.data / "dalate.db", lot, plan.rounds + 1)
    size = (daemon.data / "dalate.db").stat().st_size / 1048576
    whole, length = [], 0
    for _ in range(plan.rounds + 1):
        began = time.monotonic()
        status, body = fetch(daemon.port, lot_page, cookie)
        whole.append((time.monotonic() - began) * 1000)
        length = len(body)
        if status != 200:
            raise RuntimeError(f"{lot_page} answered {status}")
    daemon.stop()
    report.section(f"Trace of 10⁴ connected lots among {int(filled[0]):,} events",
                   f"Filled through the capture route in {float(filled[1]):.0f} s; database {size:,.0f} MiB. "
                   + TRACE_NOTE)
    search = [float(words[0]) for words in alone]
    report.row("search alone, first", "ms", search[:1])
    report.row(f"search alone, {int(alone[0][1]):,} nodes found", "ms", search[1:], "≤ 100",
               verdict(middle(search[1:]), 100, below=True))
    report.row("regulator's page, first", "ms", whole[:1])
    report.row(f"regulator's page, {length / 1024:,.0f} KiB", "ms", whole[1:], "≤ 100",
               verdict(middle(whole[1:]), 100, below=True))


def links(servers, plan, report):
    """Only where it is asked for: filling takes minutes and the file gigabytes."""
    if not plan.edges:
        return
    lots = 100_000
    database = servers.scratch / "links.db"
    began = time.monotonic()
    count = fill(database, servers.root / "plugins/traceability/migrations", plan.edges, lots)
    took = time.monotonic() - began
    alone = servers.tool("bench_trace", database, FIRST, plan.rounds + 1)
    size = database.stat().st_size / 1048576
    database.unlink()
    report.section(f"Search of 10⁵ connected lots among {count:,} links",
                   f"The two link tables alone, filled in {took:.0f} s by links.py; {size:,.0f} MiB. The lots hang "
                   "together as in the trace above and lie scattered among the others. Forward, with shares.")
    search = [float(words[0]) for words in alone]
    report.row("search alone, first", "ms", search[:1])
    report.row(f"search alone, {int(alone[0][1]):,} nodes found", "ms", search[1:])


def storage(servers, plan, report):
    lines = servers.tool("bench_storage", plan.rounds, 20_000 if plan.rounds == 1 else 100_000)
    cached, prepared = ([float(words[i]) for words in lines] for i in (0, 1))
    report.section("A 12-row query", "In one transaction, through the storage floor.")
    report.row("from the session's prepared statements", "µs", cached)
    report.row("prepared each time", "µs", prepared, "",
               f"{middle([b / a for a, b in zip(cached, prepared)]):.2f} × the time")


def transitions(servers, plan, report):
    lines = servers.tool("bench_transitions", plan.rounds, plan.seconds)
    one, eight = ([float(words[i]) for words in lines] for i in (0, 1))
    report.section("Transitions of cases, durable",
                   "Each in a write transaction of its own, with its history row, deadline and to-do rows, on SQLite.")
    for what, values in (("one thread", one), ("eight threads, a case each", eight)):
        report.row(what, "transitions/s", values, "500", verdict(middle(values) / 500, 1, times=True))


def service_calls(servers, plan, report):
    lines = servers.tool("bench_service_calls", plan.rounds, 20_000 if plan.rounds == 1 else 200_000)
    table, flat, plain = ([float(words[i]) for words in lines] for i in (0, 1, 2))
    report.section("One service call", "A plugin has two numbers added: through the C table by a service of the core, "
                   "and by a virtual call in the plugin itself.")
    report.row("through the C table, flat values", "ns", table)
    report.row("virtual call, flat values", "ns", flat, "",
               f"the table takes {middle([a / b for a, b in zip(table, flat)]):.1f} ×")
    report.row("virtual call, plain numbers", "ns", plain, "",
               f"the table takes {middle([a / b for a, b in zip(table, plain)]):.0f} ×")
