# SPDX-License-Identifier: Apache-2.0
"""The servers that are measured: each on a free loopback port, with data in the scratch folder, stopped by its
own process at the end."""
import http.client
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import time
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

PAGE = "/traceability/lots"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Target:
    """Where one server answers the measured page."""

    name: str
    port: int
    cookie: str


class Daemon:
    """Ours, on a demo county of its own."""

    def __init__(self, root, build, data, log):
        self.root, self.build, self.data, self.log = root, build, data, log
        self.port = free_port()
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [self.build / "runtime/dalate", "demo", "--data", self.data, "--port", str(self.port),
             "--share", self.root, "--plugins", self.build / "plugins"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        return self

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def access(self):
        return json.loads((self.data / "demo-access.json").read_text(encoding="utf-8"))

    @property
    def token(self):
        return self.access["tokens"]["traceability"]

    def resident_mb(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def cookie(self, role):
        """Signs in through the form, as a person does, and gives the session's cookie."""
        account = self.access["accounts"][role]
        jar = {}

        def remember(answer):
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = line.split(";")[0].partition("=")
                jar[name] = value

        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", "/sign-in")
        answer = connection.getresponse()
        csrf = re.search(r'name="csrf" value="([^"]*)"', answer.read().decode())[1]
        remember(answer)
        form = urllib.parse.urlencode({"csrf": csrf, **account})
        cookies = "; ".join(f"{name}={value}" for name, value in jar.items())
        connection.request("POST", "/sign-in", form,
                           {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies})
        answer = connection.getresponse()
        answer.read()
        remember(answer)
        if answer.status != 303:
            raise RuntimeError(f"sign-in as {role} answered {answer.status}")
        return "; ".join(f"{k}={v}" for k, v in jar.items())


def fetch(port, path, cookie=""):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


class Servers:
    def __init__(self, root, build, scratch):
        self.root, self.build, self.scratch = root, build, scratch
        self.tools = build / "tests/bench"
        self.here = root / "tests/bench"
        self.started = []
        self.daemons = []
        self.log = open(scratch / "servers.log", "ab")

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        for daemon in self.daemons:
            daemon.stop()
        for process in reversed(self.started):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        self.log.close()
        if kind:
            print((self.scratch / "servers.log").read_text(errors="replace")[-3000:])

    def tool(self, name, *arguments):
        """Runs a bench program to its end and gives its lines as lists of words."""
        words = [self.tools / name, *map(str, arguments)]
        done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
        return [line.split() for line in done.stdout.splitlines()]

    def await_page(self, port, path, cookie="", seconds=30):
        until = time.monotonic() + seconds
        while True:
            try:
                status, body = fetch(port, path, cookie)
                if status == 200:
                    return body
                said = f"answered {status}"
            except OSError as error:
                said = str(error)
            if time.monotonic() > until:
                raise RuntimeError(f"port {port} {path}: {said}")
            time.sleep(0.02)

    def daemon(self, name):
        data = self.scratch / name
        data.mkdir(exist_ok=True)
        daemon = Daemon(self.root, self.build, data, self.log).start()
        self.daemons.append(daemon)
        self.await_page(daemon.port, "/readyz")
        return daemon

    def county(self):
        """A daemon with the seeded county."""
        daemon = self.daemon("county")
        simulator = self.build / "tests/simulator/simulator"
        subprocess.run([simulator, "--access", daemon.data / "demo-access.json",
                        "--stories", self.root / "plugins/traceability/demo"], check=True, stdout=self.log)
        return daemon

    def bare_poco(self, database):
        port = free_port()
        folder = self.build / "plugins/traceability"
        process = subprocess.Popen(
            [self.tools / "bench_bare_poco", str(port), self.root, folder, database],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log)
        self.started.append(process)
        process.stdout.readline()
        self.await_page(port, PAGE)
        return Target("bare Poco HTTPServer", port, "")

    def django(self, database):
        port = free_port()
        folder = self.here / "peers/django"
        data = self.scratch / "django"
        data.mkdir()
        environment = {**os.environ, "BENCH_DATA": str(data), "DJANGO_SETTINGS_MODULE": "settings",
                       "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
        # Debian's Python, which has Debian's Django, whatever comes first in PATH.
        prepared = subprocess.run(["/usr/bin/python3", folder / "prepare.py", database], env=environment, cwd=folder,
                                  check=True, stdout=subprocess.PIPE, text=True)
        cookie = prepared.stdout.strip()
        workers = 2 * os.cpu_count() + 1
        self.started.append(subprocess.Popen(
            ["/usr/bin/gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
             "--workers", str(workers), "--threads", "4", "--keep-alive", "75", "--backlog", "4096", "--worker-tmp-dir", "/dev/shm",
             "--log-level", "error", "wsgi:application"],
            env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log))
        self.await_page(port, PAGE, cookie)
        return Target("Django, gunicorn", port, cookie)

    def nginx(self, body):
        port = free_port()
        folder = self.scratch / "nginx"
        (folder / "site").mkdir(parents=True)
        # The workers of a master that runs as root are another user.
        for each in (self.scratch, folder, folder / "site"):
            each.chmod(0o755)
        (folder / "site/page.html").write_bytes(body)
        text = (self.here / "peers/nginx.conf").read_text()
        text = text.replace("@PORT@", str(port)).replace("@DIR@", str(folder))
        (folder / "nginx.conf").write_text(text)
        self.started.append(subprocess.Popen(
            [shutil.which("nginx") or "/usr/sbin/nginx", "-p", folder, "-c", folder / "nginx.conf",
             "-e", folder / "nginx.log"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log))
        self.await_page(port, PAGE)
        return Target("nginx, same bytes", port, "")

    def copy_of(self, daemon):
        """A database with the daemon's rows at this moment."""
        copy = self.scratch / "copy.db"
        source = sqlite3.connect(daemon.data / "dalate.db")
        source.execute("VACUUM INTO ?", (str(copy),))
        source.close()
        return copy
