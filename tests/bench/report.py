# SPDX-License-Identifier: Apache-2.0
"""The rows and what they were measured on. Nothing is left out because it is not flattering."""
import datetime
import os
import platform
import re
import statistics
import subprocess
from pathlib import Path

CODE = {".cpp", ".h", ".hpp", ".c", ".sql", ".mustache", ".py", ".mjs", ".css", ".cmake", ".json"}
NOT_CODE = {"node_modules", "corpus", "fixtures", "__pycache__", "data", "i18n"}


def said(*words, folder=None):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder)
    return done.stdout.strip() if done.returncode == 0 else ""


def number(value):
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def lines_of(folder):
    count = 0
    for path, folders, files in os.walk(folder):
        folders[:] = [f for f in folders if f not in NOT_CODE]
        for name in files:
            if Path(name).suffix in CODE and name not in ("package-lock.json", "package.json"):
                count += Path(path, name).read_bytes().count(b"\n")
    return count


class Report:
    def __init__(self, root, command, plan):
        self.root, self.command, self.plan = root, command, plan
        self.began = datetime.datetime.now(datetime.timezone.utc)
        self.sections = []

    def section(self, title, note=""):
        self.sections.append((title, note, []))

    def row(self, what, unit, values, aim="", ratio=""):
        """`values`: one a round; a bare text stands as it is."""
        if isinstance(values, str):
            middle, spread = values, ""
        else:
            middle = number(statistics.median(values))
            spread = f"{number(min(values))} – {number(max(values))}" if len(values) > 1 else "one round"
        self.sections[-1][2].append((what, unit, middle, spread, aim, ratio))

    def machine(self):
        cpu = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
        memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1]) / 1048576
        commit = said("git", "rev-parse", "--short=12", "HEAD", folder=self.root) or "none yet"
        if said("git", "status", "--porcelain", folder=self.root):
            commit += ", with changes not committed"
        packages = ("python3-django", "gunicorn", "libpoco-dev", "nginx-light", "wrk", "libsqlite3-0")
        versions = [f"{name} {said('dpkg-query', '-W', '-f=${Version}', name)}" for name in packages]
        return [
            f"Command: `{self.command}`",
            f"Commit: {commit}",
            f"Date: {self.began:%Y-%m-%d %H:%M} UTC",
            f"Machine: {os.cpu_count()} cores, {cpu[1] if cpu else platform.machine()}, {memory:.1f} GiB, "
            f"Linux {platform.release()}; load before the run {os.getloadavg()[0]:.1f}",
            f"Peers: {', '.join(versions)}",
            f"Rounds: {self.plan.rounds}, {self.plan.seconds} s a load; servers take turns within a round.",
            "**The server and the load generator share the same cores**: absolute figures are lower than a "
            "server's alone, and a fast server gives the generator more to do. Read the ratios.",
        ]

    def text(self):
        out = ["# Measured", ""]
        out += [f"- {line}" for line in self.machine()]
        for title, note, rows in self.sections:
            out += ["", f"## {title}", ""]
            if note:
                out += [note, ""]
            out += ["| what | unit | median | spread | aim | against the aim |", "|---|---|--:|---|---|---|"]
            out += ["| " + " | ".join(row) + " |" for row in rows]
        folders = ("runtime", "sdk", "plugins", "templates", "tests")
        counted = ", ".join(f"{name} {lines_of(self.root / name):,}" for name in folders)
        out += ["", f"Lines of code (without texts and data): {counted}.", ""]
        return "\n".join(out)
