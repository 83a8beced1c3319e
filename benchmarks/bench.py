"""What the scripts of this folder share: starting tools and collectors, asking them, writing into a page."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
TARGET = HERE / "target"
RELIABILITY = ROOT / "docs" / "reliability.md"


def build(go=False):
    if go:
        subprocess.run([HERE / "peer" / "build"], check=True)
    subprocess.run(["mvn", "-q", "-DskipTests", "package", "-pl", "benchmarks,distribution", "-am"], cwd=ROOT, check=True)


def java():
    return subprocess.run([ROOT / "raybridge", "--find-jdk"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def tool(name, *arguments):
    path = f"{TARGET}/lib/*:{TARGET}/classes"
    return [f"{java()}/bin/java", "-XX:+UseSerialGC", "-Xmx512m", "-cp", path, f"io.raybridge.benchmarks.load.{name}", *map(str, arguments)]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port, path):
    return json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30))


def answers(port):
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def await_port(port, process):
    while not answers(port):
        if process.poll() is not None:
            sys.exit(f"{process.args} ended with {process.returncode}; see {TARGET}")
        time.sleep(0.01)


def start_sink(name, port, *arguments):
    sink = subprocess.Popen(tool(name, port, *arguments))
    await_port(port, sink)
    return sink


def end(*processes):
    for each in processes:
        if each is not None and each.poll() is None:
            each.kill()
            each.wait()


def aws_environment(data):
    return dict(os.environ, AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_REGION="us-east-1",
                AWS_EC2_METADATA_DISABLED="true", RAYBRIDGE_DATA_DIR=str(data))


def write(page, mark, lines):
    """Puts lines between <!-- mark --> and <!-- /mark --> of a page."""
    begin_mark, end_mark = f"<!-- {mark} -->\n", f"<!-- /{mark} -->"
    text = page.read_text()
    begin, end_ = text.index(begin_mark) + len(begin_mark), text.index(end_mark)
    page.write_text(text[:begin] + "\n".join(lines) + "\n" + text[end_:])


class Raybridge:
    """A collector of its own: OTLP over gRPC, memory_limiter, batch, awsxray, each with its defaults, in a heap of this many MiB."""

    def __init__(self, name, sink, heap):
        self.grpc, self.pages = free_port(), free_port()
        data = TARGET / f"{name}-data"
        shutil.rmtree(data, ignore_errors=True)
        config = {
            "extensions": {"zpages": {"endpoint": f"127.0.0.1:{self.pages}"}},
            "receivers": {"otlp": {"protocols": {"grpc": {"endpoint": f"127.0.0.1:{self.grpc}"}}}},
            "processors": {"memory_limiter": {"check_interval": "1s", "limit_mib": 1500}, "batch": {}},
            "exporters": {"awsxray": {"region": "us-east-1", "endpoint": f"http://127.0.0.1:{sink}"}},
            "service": {
                "extensions": ["zpages"],
                "telemetry": {"metrics": {"level": "none"}},
                "pipelines": {"traces": {"receivers": ["otlp"], "processors": ["memory_limiter", "batch"], "exporters": ["awsxray"]}},
            },
        }
        path = TARGET / f"{name}.yaml"
        path.write_text(json.dumps(config))  # JSON is YAML
        self.log = TARGET / f"{name}.log"
        log = open(self.log, "w")
        environment = dict(aws_environment(data), RAYBRIDGE_JAVA_OPTS=f"-Xmx{heap}m")
        self.process = subprocess.Popen([ROOT / "raybridge", "--config", path], env=environment, stdout=log, stderr=log)
        await_port(self.grpc, self.process)

    def load(self, **arguments):
        words = [f"{name}={value}" for name, value in arguments.items()]
        return subprocess.Popen(tool("OtlpLoad", f"target=127.0.0.1:{self.grpc}", *words), stdout=subprocess.PIPE)

    def ledger(self):
        """The one exporter's line; accepted is what came, whatever became of it."""
        for line in get(self.pages, "/drops")["ledger"]:
            if line["component"] == "awsxray":
                dropped = sum(line["dropped"].values())
                if line["accepted"] != line["delivered"] + line["queued"] + dropped:
                    sys.exit(f"the ledger does not add up: {line}")
                return {**line, "dropped": dropped}
        return {"accepted": 0, "delivered": 0, "queued": 0, "dropped": 0}

    def rss_mib(self):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        sys.exit("the collector is gone")

    def live_heap_mib(self):
        """The heap that survives a full collection, which it causes."""
        used = 0
        for command in ("GC.run", "GC.heap_info"):
            words = subprocess.run([f"{java()}/bin/jcmd", str(self.process.pid), command],
                                   stdout=subprocess.PIPE, text=True, check=True).stdout.replace(",", " ").split()
            if command == "GC.heap_info":
                # "def new generation total 78656K used 5000K [...", and the same for the tenured one.
                used = sum(int(words[i + 3][:-1]) for i, word in enumerate(words)
                           if word == "total" and words[i + 2] == "used")
        return used / 1024

    def drain(self, seconds):
        begin = time.monotonic()
        while self.ledger()["queued"] > 0:
            if time.monotonic() - begin > seconds:
                sys.exit(f"not drained after {seconds} s: {self.ledger()}")
            time.sleep(0.5)

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)
