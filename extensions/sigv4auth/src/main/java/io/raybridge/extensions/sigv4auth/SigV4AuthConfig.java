package io.raybridge.extensions.sigv4auth;

import io.raybridge.api.Absent;
import io.raybridge.api.Inline;
import io.raybridge.aws.AwsSignerConfig;

/** Keys under {@code extensions.sigv4auth}. */
@Absent(
    keys = "assume_role_with_web_identity",
    notYet = "set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE, which are found by themselves")
public record SigV4AuthConfig(@Inline AwsSignerConfig signer) {}
