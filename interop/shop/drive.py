"""Buys one of each in the shop and insists on the answers. Sends no telemetry."""

import socket
import sys
import time
import urllib.error
import urllib.request

ANSWERS = {
    "book": 200,
    "declined": 402,
    "busy": 429,
    "hot": 503,
    "gone": 404,
    "outage": 502,
    "broken": 500,
}


def status(url):
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as e:
        return e.code


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


deadline = time.monotonic() + 240
for port in (8080, 8081, 50051):
    while not listens(port):
        if time.monotonic() > deadline:
            sys.exit(f"nobody listens at port {port}")
        time.sleep(0.2)
for item, expected in ANSWERS.items():
    answer = status(f"http://web.shop:8080/buy/{item}?coupon=none")
    print(item, answer, flush=True)
    if answer != expected:
        sys.exit(f"{item} was answered with {answer}, not {expected}")
