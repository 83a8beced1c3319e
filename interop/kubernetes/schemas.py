#!/usr/bin/env python3
"""schemas.py FROM TO VERSION...: the JSON schemas of Kubernetes from the package kubernetes-validate, as kubeconform reads them.

They refer to each other and name themselves by addresses; here they refer to the file beside them.
"""
import json
import sys
from pathlib import Path

source, target, versions = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]


def rewrite(node):
    if isinstance(node, dict):
        if isinstance(node.get("$id"), str):
            del node["$id"]
        ref = node.get("$ref")
        if isinstance(ref, str) and "_definitions.json" in ref:
            node["$ref"] = "_definitions.json" + ref[ref.index("#"):]
        for value in node.values():
            rewrite(value)
    elif isinstance(node, list):
        for value in node:
            rewrite(value)


for version in versions:
    folder = target / f"v{version}"
    folder.mkdir(parents=True, exist_ok=True)
    for file in (source / f"v{version}-local-strict").glob("*.json"):
        schema = json.loads(file.read_text())
        rewrite(schema)
        (folder / file.name).write_text(json.dumps(schema))
