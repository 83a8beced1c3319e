package io.raybridge.xray;

import io.raybridge.data.view.AnyValueView;
import io.raybridge.data.view.AttributesView;
import org.jspecify.annotations.Nullable;

/**
 * Where a service runs, in X-Ray's words. What a platform leaves behind decides before the name
 * that a resource detector gave it, the more special platform first: a pod on an EC2 instance runs
 * on EKS, whichever detector came last.
 */
enum Origin {
  APP_RUNNER("AWS::AppRunner::Service", false),
  BEANSTALK("AWS::ElasticBeanstalk::Environment", false),
  ECS("AWS::ECS::Container", true),
  ECS_EC2("AWS::ECS::EC2", true),
  ECS_FARGATE("AWS::ECS::Fargate", true),
  EKS("AWS::EKS::Container", false),
  LAMBDA("AWS::Lambda::Function", false),
  EC2("AWS::EC2::Instance", false),
  UNKNOWN(null, false);

  private static final byte[] AWS = Ascii.bytes("aws");
  private static final byte[] PLATFORM_APP_RUNNER = Ascii.bytes("aws_app_runner");
  private static final byte[] PLATFORM_BEANSTALK = Ascii.bytes("aws_elastic_beanstalk");
  private static final byte[] PLATFORM_ECS = Ascii.bytes("aws_ecs");
  private static final byte[] PLATFORM_EKS = Ascii.bytes("aws_eks");
  private static final byte[] PLATFORM_LAMBDA = Ascii.bytes("aws_lambda");
  private static final byte[] PLATFORM_EC2 = Ascii.bytes("aws_ec2");
  private static final byte[] LAUNCH_EC2 = Ascii.bytes("ec2");
  private static final byte[] LAUNCH_FARGATE = Ascii.bytes("fargate");
  private static final byte[] INSTANCE = Ascii.bytes("i-");

  final @Nullable String type;
  final boolean ecs;

  Origin(@Nullable String type, boolean ecs) {
    this.type = type;
    this.ecs = ecs;
  }

  static Origin of(AttributesView resource) {
    int provider = text(resource, Keys.CLOUD_PROVIDER);
    boolean aws = provider >= 0 && is(resource, provider, AWS);
    if (provider >= 0 && !aws) return UNKNOWN;
    int platform = text(resource, Keys.CLOUD_PLATFORM);
    if (is(resource, platform, PLATFORM_APP_RUNNER)) return APP_RUNNER;
    if (is(resource, platform, PLATFORM_BEANSTALK)) return BEANSTALK;
    if (is(resource, platform, PLATFORM_LAMBDA)) return LAMBDA;
    if (is(resource, platform, PLATFORM_ECS)
        || text(resource, Keys.AWS_ECS_TASK_ARN) >= 0
        || text(resource, Keys.AWS_ECS_CONTAINER_ARN) >= 0) return ecs(resource);
    boolean amazon = aws || is(resource, platform, PLATFORM_EC2);
    if (is(resource, platform, PLATFORM_EKS) || (amazon && inCluster(resource))) return EKS;
    return is(resource, platform, PLATFORM_EC2) ? EC2 : UNKNOWN;
  }

  private static boolean inCluster(AttributesView resource) {
    return text(resource, Keys.K8S_POD_NAME) >= 0 || text(resource, Keys.K8S_CLUSTER_NAME) >= 0;
  }

  private static Origin ecs(AttributesView resource) {
    int launch = text(resource, Keys.AWS_ECS_LAUNCHTYPE);
    if (is(resource, launch, LAUNCH_EC2)) return ECS_EC2;
    return is(resource, launch, LAUNCH_FARGATE) ? ECS_FARGATE : ECS;
  }

  /** Whether the host is an EC2 instance: every machine has a host.id. */
  static boolean isInstance(AttributesView resource) {
    if (is(resource, text(resource, Keys.CLOUD_PLATFORM), PLATFORM_EC2)) return true;
    int host = text(resource, Keys.HOST_ID);
    return host >= 0
        && Ascii.startsWith(
            resource.bytes(), resource.offset(host), resource.length(host), INSTANCE);
  }

  static int text(AttributesView attributes, int key) {
    int index = attributes.indexOf(key);
    return index >= 0
            && attributes.type(index) == AnyValueView.STRING
            && attributes.length(index) > 0
        ? index
        : -1;
  }

  private static boolean is(AttributesView resource, int index, byte[] value) {
    return index >= 0
        && Ascii.equal(resource.bytes(), resource.offset(index), resource.length(index), value);
  }
}
