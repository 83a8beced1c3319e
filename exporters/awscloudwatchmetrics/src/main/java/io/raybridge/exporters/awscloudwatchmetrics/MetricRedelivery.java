package io.raybridge.exporters.awscloudwatchmetrics;

import io.raybridge.api.Clock;
import io.raybridge.aws.AwsClient;
import io.raybridge.delivery.DeadLetter;
import io.raybridge.delivery.Redeliverer;
import io.raybridge.delivery.Redelivery;
import io.raybridge.delivery.RetryConfig;
import io.raybridge.exporters.awscloudwatchmetrics.MetricPayload.Datum;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Sends data that were given up once more, byte for byte as they were. */
final class MetricRedelivery implements Redelivery {
  private final AwsClient client;
  private final Redeliverer<MetricPayload> redeliverer;

  MetricRedelivery(AwsClient client, RetryConfig retry, Clock clock) {
    this.client = client;
    this.redeliverer = new Redeliverer<>(clock, retry, new MetricSender(client));
  }

  @Override
  public List<Returned> send(List<DeadLetter> letters) throws InterruptedException {
    var returned = new ArrayList<Returned>();
    var namespaces = new LinkedHashMap<String, List<Datum>>();
    for (var letter : letters) {
      var document = letter.document();
      if (Names.namespace(document.group()).equals(document.group())) {
        var datum = new Datum(document.json(), document.items());
        namespaces.computeIfAbsent(document.group(), _ -> new ArrayList<>()).add(datum);
      } else {
        var message = "\"group\" is missing or wrong (expected: a CloudWatch namespace)";
        returned.add(new Returned(document, true, "malformed_letter", message));
      }
    }
    for (var each : namespaces.entrySet()) {
      for (var call : MetricPayload.calls(each.getKey(), each.getValue())) {
        returned.addAll(redeliverer.send(call));
      }
    }
    return returned;
  }

  @Override
  public void close() {
    client.close();
  }
}
