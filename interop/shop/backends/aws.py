"""DynamoDB, S3, SQS and SNS for the shop: moto, with a table `hot` that has no capacity left."""

import io
import json
import threading

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

moto = DomainDispatcherApplication(create_backend_app)
THROTTLED = json.dumps(
    {
        "__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
        "message": "The level of configured provisioned throughput for the table was exceeded.",
    }
).encode()


def application(environ, start_response):
    if environ.get("HTTP_X_AMZ_TARGET", "").startswith("DynamoDB_"):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        if json.loads(body or "{}").get("TableName") == "hot":
            start_response(
                "400 Bad Request",
                [
                    ("Content-Type", "application/x-amz-json-1.0"),
                    ("Content-Length", str(len(THROTTLED))),
                    ("x-amzn-RequestId", "HOT00000000000000000000000000000000000000000000000000"),
                ],
            )
            return [THROTTLED]
    return moto(environ, start_response)


def fill():
    import boto3
    from botocore.config import Config

    def client(service):
        return boto3.client(service, config=Config(s3={"addressing_style": "path"}))

    client("dynamodb").create_table(
        TableName="carts",
        KeySchema=[{"AttributeName": "item", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "item", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    client("s3").create_bucket(Bucket="receipts")
    client("sqs").create_queue(QueueName="shipping")
    client("sns").create_topic(Name="sold")
    print("aws ready", flush=True)


threading.Thread(target=fill).start()
run_simple("0.0.0.0", 5000, application, threaded=True)
