// app.js
const AWSXRay = require('aws-xray-sdk');
const AWS = AWSXRay.captureAWS(require('aws-sdk'));
const express = require('express');
const axios = AWSXRay.captureHTTPsGlobal(require('https'));
const app = express();
// Add X-Ray middleware (creates a segment for each request)
app.use(AWSXRay.express.openSegment('my-api'));
app.get('/orders/:id', async (req, res) => {
  const segment = AWSXRay.getSegment();
  // Create a subsegment for custom work
  const subsegment = segment.addNewSubsegment('fetch-order');
  try {
    const dynamodb = new AWS.DynamoDB.DocumentClient();
    const result = await dynamodb.get({
      TableName: 'Orders',
      Key: { orderId: req.params.id }
    }).promise();
    subsegment.addAnnotation('orderId', req.params.id);
    subsegment.close();
    res.json(result.Item);
  } catch (err) {
    subsegment.addError(err);
    subsegment.close();
    throw err;
  }
});
app.use(AWSXRay.express.closeSegment());
app.listen(8080);
