# Python Lambda with X-Ray SDK
from aws_xray_sdk.core import xray_recorder, patch_all
import boto3
# Patch all supported AWS SDK clients automatically
patch_all()
dynamodb = boto3.resource('dynamodb')
table = dynamodb.Table('Orders')
@xray_recorder.capture('process_order')
def process_order(order_id):
    # This creates a subsegment named 'process_order'
    # DynamoDB call is automatically traced because we called patch_all()
    response = table.get_item(Key={'orderId': order_id})
    # Add custom annotations (indexed, searchable in X-Ray)
    xray_recorder.current_subsegment().put_annotation('order_id', order_id)
    # Add metadata (not indexed, but visible in trace)
    xray_recorder.current_subsegment().put_metadata('order_data', response.get('Item'))
    return response.get('Item')
def handler(event, context):
    order_id = event['pathParameters']['orderId']
    order = process_order(order_id)
    return {
        'statusCode': 200,
        'body': json.dumps(order)
    }
