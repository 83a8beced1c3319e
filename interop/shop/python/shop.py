"""One service of the shop: shop.py web|orders|payment|shipping|mailer. Knows nothing of tracing."""

import signal
import sys
from concurrent import futures

import boto3
import botocore.config
import botocore.exceptions
import flask
import grpc
import kafka
import psycopg2
import redis
import requests
from google.protobuf.wrappers_pb2 import StringValue

QUEUE = "http://aws.shop:5000/123456789012/shipping"
CHARGE = "/shop.Payment/Charge"
once_more = botocore.config.Config(retries={"total_max_attempts": 2}, s3={"addressing_style": "path"})


def aws(service):
    return boto3.client(service, config=once_more)


def database():
    connection = psycopg2.connect(host="postgres.shop", dbname="shop", user="shop", password="secret")
    connection.autocommit = True
    return connection


def sql(connection, statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def web():
    app = flask.Flask("web")

    @app.get("/buy/<item>")
    def buy(item):
        answer = requests.get(f"http://orders.shop:8081/orders/{item}", params={"quantity": 1}, timeout=10)
        return answer.text, answer.status_code

    app.run("0.0.0.0", 8080)


def orders():
    app = flask.Flask("orders")
    connection = database()
    cache = redis.Redis("redis.shop")
    payment = grpc.insecure_channel("payment.shop:50051").unary_unary(
        CHARGE, StringValue.SerializeToString, StringValue.FromString
    )
    dynamodb, s3, sqs, sns = aws("dynamodb"), aws("s3"), aws("sqs"), aws("sns")
    events = kafka.KafkaProducer(bootstrap_servers="kafka.shop:9092")

    @app.get("/orders/<item>")
    def order(item):
        if requests.get(f"http://partner.shop:8090/price/{item}", timeout=10).status_code >= 500:
            return "no price", 502
        cache.get(f"price:{item}")
        cache.incr(f"sold:{item}")
        try:
            if item == "gone":
                dynamodb.get_item(TableName="gone", Key={"item": {"S": item}})
            table = "hot" if item == "hot" else "carts"
            dynamodb.put_item(TableName=table, Item={"item": {"S": item}})
        except botocore.exceptions.ClientError as e:
            missing = e.response["Error"]["Code"] == "ResourceNotFoundException"
            return "cart", 404 if missing else 503
        try:
            payment(StringValue(value=item), timeout=5)
        except grpc.RpcError as e:
            return e.details(), 429 if e.code() == grpc.StatusCode.RESOURCE_EXHAUSTED else 402
        table = "no_such_table" if item == "broken" else "orders"
        sql(connection, f"INSERT INTO {table} (item, price) VALUES (%s, 7)", item)
        s3.put_object(Bucket="receipts", Key=f"{item}.txt", Body=b"paid")
        sns.publish(TopicArn="arn:aws:sns:us-east-1:123456789012:sold", Message=item)
        sqs.send_message(QueueUrl=QUEUE, MessageBody=item)
        events.send("orders-placed", item.encode()).get(10)
        return "ordered"

    app.run("0.0.0.0", 8081)


def payment():
    connection = database()

    def charge(request, context):
        if request.value == "busy":
            context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "too many charges")
        if request.value == "declined":
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, "card declined")
        sql(connection, "SELECT price FROM orders WHERE item = %s", request.value)
        return StringValue(value="paid")

    handler = grpc.unary_unary_rpc_method_handler(
        charge, request_deserializer=StringValue.FromString, response_serializer=StringValue.SerializeToString
    )
    server = grpc.server(futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("shop.Payment", {"Charge": handler})])
    server.add_insecure_port("0.0.0.0:50051")
    server.start()
    server.wait_for_termination()


def shipping():
    connection = database()
    sqs = aws("sqs")
    while True:
        answer = sqs.receive_message(QueueUrl=QUEUE, WaitTimeSeconds=2, MessageAttributeNames=["All"])
        for message in answer.get("Messages", []):
            sql(connection, "UPDATE orders SET shipped = true WHERE item = %s", message["Body"])
            sqs.delete_message(QueueUrl=QUEUE, ReceiptHandle=message["ReceiptHandle"])


def mailer():
    cache = redis.Redis("redis.shop")
    consumer = kafka.KafkaConsumer(
        "orders-placed", bootstrap_servers="kafka.shop:9092", group_id="mailer", auto_offset_reset="earliest"
    )
    for record in consumer:
        cache.set("mailed:" + record.value.decode(), "yes")


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
{"web": web, "orders": orders, "payment": payment, "shipping": shipping, "mailer": mailer}[sys.argv[1]]()
