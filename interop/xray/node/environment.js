// What the article's program finds around it on ECS and cannot be told in the environment: its port, and where DynamoDB is.
const net = require('net');
const AWS = require('aws-sdk');

AWS.config.update({ dynamodb: { endpoint: process.env.AWS_ENDPOINT_URL } });

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...others) {
  return listen.call(this, port === 8080 ? process.env.PORT : port, ...others);
};
