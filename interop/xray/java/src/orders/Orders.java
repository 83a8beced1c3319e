package orders;

import com.amazonaws.xray.AWSXRay;
import com.amazonaws.xray.jakarta.servlet.AWSXRayServletFilter;
import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The article's service in Java: a segment for each request by X-Ray's own filter, a subsegment
 * with the order.
 */
public final class Orders extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final transient DynamoDbClient dynamodb =
      DynamoDbClient.builder()
          .endpointOverride(URI.create(System.getenv("AWS_ENDPOINT_URL")))
          .build();

  /** Serves on the port of the environment variable PORT. */
  public static void main(String[] args) throws Exception {
    Filter xray = new AWSXRayServletFilter("my-api");
    var deployment =
        Servlets.deployment()
            .setClassLoader(Orders.class.getClassLoader())
            .setContextPath("/")
            .setDeploymentName("orders")
            .addFilter(
                Servlets.filter(
                    "xray", AWSXRayServletFilter.class, new ImmediateInstanceFactory<>(xray)))
            .addFilterUrlMapping("xray", "/*", DispatcherType.REQUEST)
            .addServlet(Servlets.servlet("orders", Orders.class).addMapping("/orders/*"));
    var manager = Servlets.defaultContainer().addDeployment(deployment);
    manager.deploy();
    Undertow.builder()
        .addHttpListener(Integer.parseInt(System.getenv("PORT")), "127.0.0.1", manager.start())
        .build()
        .start();
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String id = request.getPathInfo().substring(1);
    var subsegment = AWSXRay.beginSubsegment("fetch-order");
    try {
      var key = Map.of("orderId", AttributeValue.fromS(id));
      var item = dynamodb.getItem(get -> get.tableName("Orders").key(key)).item();
      subsegment.putAnnotation("orderId", id);
      var order = new java.util.TreeMap<String, String>();
      item.forEach((name, value) -> order.put(name, value.s()));
      subsegment.putMetadata("order_data", order);
      response.getWriter().print(order);
    } catch (RuntimeException e) {
      subsegment.addException(e);
      throw e;
    } finally {
      AWSXRay.endSubsegment();
    }
  }
}
