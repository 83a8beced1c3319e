"""A DynamoDB that is moto, with the article's table Orders and one order in it.

usage: dynamodb.py PORT
"""

import signal
import sys

import boto3
from moto.server import ThreadedMotoServer

port = int(sys.argv[1])
ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False).start()
table = boto3.resource("dynamodb", endpoint_url=f"http://127.0.0.1:{port}").create_table(
    TableName="Orders",
    KeySchema=[{"AttributeName": "orderId", "KeyType": "HASH"}],
    AttributeDefinitions=[{"AttributeName": "orderId", "AttributeType": "S"}],
    BillingMode="PAY_PER_REQUEST",
)
table.put_item(Item={"orderId": "12345", "item": "book", "note": "left at the door"})
print("Orders is there", flush=True)
signal.pause()
