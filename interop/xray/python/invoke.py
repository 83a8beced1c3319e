"""Calls the article's function as Lambda's runtime does, in an environment as Lambda's.

usage: invoke.py ORDER_ID
"""

import json
import pathlib
import sys

# As printed: the listing uses json and does not import it.
path = pathlib.Path(__file__).with_name("lambda_function.py")
function = {"__name__": "lambda_function", "json": json}
exec(compile(path.read_text(), path, "exec"), function)
print(json.dumps(function["handler"]({"pathParameters": {"orderId": sys.argv[1]}}, None)))
