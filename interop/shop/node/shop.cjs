// One service of the shop: node shop.cjs web|orders|payment|shipping|mailer. Knows nothing of tracing.
const { DynamoDBClient, GetItemCommand, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const { PutObjectCommand, S3Client } = require('@aws-sdk/client-s3');
const { PublishCommand, SNSClient } = require('@aws-sdk/client-sns');
const { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } = require('@aws-sdk/client-sqs');
const grpc = require('@grpc/grpc-js');
const express = require('express');
const http = require('node:http');
const Redis = require('ioredis');
const { Kafka, logLevel } = require('kafkajs');
const { Pool } = require('pg');

// google.protobuf.StringValue, of a text shorter than 128 bytes.
const write = (text) => Buffer.from([10, Buffer.byteLength(text), ...Buffer.from(text)]);
const read = (bytes) => bytes.subarray(2).toString();
const text = { requestSerialize: write, requestDeserialize: read, responseSerialize: write, responseDeserialize: read };
const Payment = { Charge: { path: '/shop.Payment/Charge', requestStream: false, responseStream: false, ...text } };
const database = () => new Pool({ host: 'postgres.shop', database: 'shop', user: 'shop', password: 'secret' });
const kafka = () => new Kafka({ clientId: 'shop', brokers: ['kafka.shop:9092'], logLevel: logLevel.ERROR });
const QueueUrl = 'http://aws.shop:5000/123456789012/shipping';
const twice = { maxAttempts: 2 };

function get(url) {
  return new Promise((resolve, reject) => {
    http
      .get(url, (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode));
      })
      .on('error', reject);
  });
}

function web() {
  const app = express();
  app.get('/buy/:item', async (request, response) => {
    response.status(await get(`http://orders.shop:8081/orders/${request.params.item}?quantity=1`)).send('');
  });
  app.listen(8080, '0.0.0.0');
}

async function orders() {
  const pool = database();
  const cache = new Redis({ host: 'redis.shop' });
  const payment = new (grpc.makeClientConstructor(Payment, 'shop.Payment'))('payment.shop:50051', grpc.credentials.createInsecure());
  const dynamodb = new DynamoDBClient(twice);
  const s3 = new S3Client({ ...twice, forcePathStyle: true });
  const sqs = new SQSClient(twice);
  const sns = new SNSClient(twice);
  const events = kafka().producer();
  await events.connect();
  const charge = (item) =>
    new Promise((resolve, reject) => payment.Charge(item, (error, answer) => (error ? reject(error) : resolve(answer))));

  const app = express();
  app.get('/orders/:item', async (request, response) => {
    const { item } = request.params;
    if ((await get(`http://partner.shop:8090/price/${item}`)) >= 500) return response.status(502).send('no price');
    await cache.get(`price:${item}`);
    await cache.incr(`sold:${item}`);
    try {
      if (item === 'gone') await dynamodb.send(new GetItemCommand({ TableName: 'gone', Key: { item: { S: item } } }));
      await dynamodb.send(new PutItemCommand({ TableName: item === 'hot' ? 'hot' : 'carts', Item: { item: { S: item } } }));
    } catch (error) {
      return response.status(error.name === 'ResourceNotFoundException' ? 404 : 503).send('cart');
    }
    try {
      await charge(item);
    } catch (error) {
      return response.status(error.code === grpc.status.RESOURCE_EXHAUSTED ? 429 : 402).send(error.details);
    }
    await pool.query(`INSERT INTO ${item === 'broken' ? 'no_such_table' : 'orders'} (item, price) VALUES ($1, 7)`, [item]);
    await s3.send(new PutObjectCommand({ Bucket: 'receipts', Key: `${item}.txt`, Body: 'paid' }));
    await sns.send(new PublishCommand({ TopicArn: 'arn:aws:sns:us-east-1:123456789012:sold', Message: item }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: item }));
    await events.send({ topic: 'orders-placed', messages: [{ value: item }] });
    return response.send('ordered');
  });
  app.listen(8081, '0.0.0.0');
}

function payment() {
  const pool = database();
  const server = new grpc.Server();
  server.addService(Payment, {
    Charge: async ({ request: item }, callback) => {
      if (item === 'busy') return callback({ code: grpc.status.RESOURCE_EXHAUSTED, details: 'too many charges' });
      if (item === 'declined') return callback({ code: grpc.status.FAILED_PRECONDITION, details: 'card declined' });
      await pool.query('SELECT price FROM orders WHERE item = $1', [item]);
      return callback(null, 'paid');
    },
  });
  server.bindAsync('0.0.0.0:50051', grpc.ServerCredentials.createInsecure(), (error) => {
    if (error) throw error;
  });
}

async function shipping() {
  const pool = database();
  const sqs = new SQSClient(twice);
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2, MessageAttributeNames: ['All'] }),
    );
    for (const message of Messages) {
      await pool.query('UPDATE orders SET shipped = true WHERE item = $1', [message.Body]);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
    }
  }
}

async function mailer() {
  const cache = new Redis({ host: 'redis.shop' });
  const consumer = kafka().consumer({ groupId: 'mailer' });
  await consumer.connect();
  await consumer.subscribe({ topic: 'orders-placed', fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => void (await cache.set(`mailed:${message.value}`, 'yes')) });
}

({ web, orders, payment, shipping, mailer })[process.argv[2]]();
