package io.raybridge.transport;

import io.raybridge.api.Key;
import io.raybridge.transport.client.Authenticator;

/** The keys of a client under {@code auth}. */
public record AuthConfig(
    @Key(
            doc =
                "Id of the extension that authenticates requests, such as sigv4auth. It must stand"
                    + " in service.extensions.",
            extension = Authenticator.class)
        String authenticator) {}
