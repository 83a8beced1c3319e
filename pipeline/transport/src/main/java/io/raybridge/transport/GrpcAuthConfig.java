package io.raybridge.transport;

import io.raybridge.api.Key;
import io.raybridge.transport.client.HeaderAuthenticator;

/** The keys of a gRPC client under {@code auth}. */
public record GrpcAuthConfig(
    @Key(
            doc =
                "Id of the extension that authenticates requests: bearertokenauth, basicauth or headers_setter. It"
                    + " must stand in service.extensions. sigv4auth signs HTTP requests only.",
            extension = HeaderAuthenticator.class)
        String authenticator) {}
