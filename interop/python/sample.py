"""Asks the X-Ray SDK for Python which of many requests it samples, and prints its answers as JSON.
usage: sample.py local CASES      by each of the local rule sets in the file CASES: lists of true and false
       sample.py central CASES    by the rules served at AWS_XRAY_DAEMON_ADDRESS: a list of rule names
       sample.py quota RULE HOST  the reservoir quota that it gets for a rule, once it has one
"""
import json
import sys
import time

from aws_xray_sdk.core.context import Context
from aws_xray_sdk.core.daemon_config import DaemonConfig
from aws_xray_sdk.core.sampling.local.sampler import LocalSampler
from aws_xray_sdk.core.sampling.sampler import DefaultSampler


def requests(cases):
    names = {"service": "service", "serviceType": "service_type", "host": "host", "method": "method", "path": "path"}
    return [{theirs: case[ours] for ours, theirs in names.items() if ours in case} for case in cases]


def local(cases):
    samplers = [LocalSampler(rules) for rules in cases["local"]]
    return [[sampler.should_trace(request) for request in requests(cases["requests"])] for sampler in samplers]


def started():
    sampler = DefaultSampler()
    sampler.load_settings(DaemonConfig(), Context())
    sampler.start()
    while not sampler._cache.last_updated:
        time.sleep(0.05)
    return sampler


def central(cases):
    sampler = started()
    return [sampler.should_trace(request) or "" for request in requests(cases["requests"])]


def quota(name, host):
    sampler = started()
    sampler.should_trace({"host": host})
    rule = next(rule for rule in sampler._cache.rules if rule.name == name)
    while rule.reservoir.quota is None:
        time.sleep(0.05)
    return rule.reservoir.quota


mode, *arguments = sys.argv[1:]
if mode == "quota":
    answer = quota(*arguments)
else:
    with open(arguments[0], encoding="utf-8") as file:
        answer = {"local": local, "central": central}[mode](json.load(file))
print(json.dumps(answer))
