package io.raybridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyTableTest {
  @Test
  void nestedRecords_giveDottedKeys() {
    assertThat(KeyTable.of(Shop.Otlp.class))
        .isEqualTo(
            """
            | Key | Type | Default | Meaning |
            |---|---|---|---|
            | `protocols` | mapping |  | The protocols to serve. |
            | `protocols.grpc` | mapping |  | gRPC. |
            | `protocols.grpc.endpoint` | text | `localhost:4317` | Where to listen. |
            | `protocols.grpc.max_recv_msg_size_mib` | whole number from 1 to 2047 | `4` | The largest message. |
            | `protocols.grpc.read_buffer_size` | whole number | `524288` | Size of a buffer. No effect: buffers grow as needed. |
            | `protocols.grpc.auth` |  |  | Not built in yet: guard the port by mTLS. |
            | `protocols.http` | mapping |  | HTTP. |
            | `protocols.http.endpoint` | text | `localhost:4317` | Where to listen. |
            | `protocols.http.max_recv_msg_size_mib` | whole number from 1 to 2047 | `4` | The largest message. |
            | `protocols.http.read_buffer_size` | whole number | `524288` | Size of a buffer. No effect: buffers grow as needed. |
            | `protocols.http.auth` |  |  | Not built in yet: guard the port by mTLS. |
            """);
  }

  @Test
  void lists_namesAndSecrets_areNamedForWhatTheyAre() {
    assertThat(KeyTable.of(Shop.Attributes.class))
        .contains("| `actions` | list of mappings |")
        .contains("| `actions[].action` | `insert`, `update`, `upsert`, `delete` | required |");
    assertThat(KeyTable.of(Shop.Client.class))
        .contains("| `headers` | mapping of names to secret text |  | Sent along. |")
        .contains("| `token` | secret text |  | The key to get in. |");
  }

  @Test
  void recordWithoutKeys_saysSo() {
    assertThat(KeyTable.of(Shop.None.class)).isEqualTo("It has no keys.\n");
  }
}
