package io.raybridge.transport;

import io.raybridge.api.Key;
import java.util.List;

/** The keys under {@code cors}, named as the Go collector's. */
public record CorsConfig(
    @Key(
            doc =
                "Origins whose pages may send here, such as https://*.example.com; one * stands for"
                    + " any characters, * alone for every origin. Without any, CORS is off.")
        List<String> allowedOrigins,
    @Key(
            doc =
                "Request headers that pages may set besides Accept, Accept-Language, Content-Type"
                    + " and Content-Language; * for any. When empty, X-Requested-With is allowed.")
        List<String> allowedHeaders,
    @Key(doc = "Response headers that pages may read besides the few that are always readable.")
        List<String> exposedHeaders,
    @Key(doc = "Seconds that a browser may remember the answer to a preflight request.", def = "0")
        int maxAge) {}
