// Shop is one service of the shop: shop web|orders|payment|shipping|mailer. Go's instrumentation is called by the
// program, so here it is: each library wrapped as its documentation says.
package main

import (
	"context"
	"database/sql"
	"errors"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/XSAM/otelsql"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/redis/go-redis/extra/redisotel/v9"
	"github.com/redis/go-redis/v9"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/plugin/kotel"
	"go.opentelemetry.io/contrib/instrumentation/github.com/aws/aws-sdk-go-v2/otelaws"
	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

const (
	charge = "/shop.Payment/Charge"
	queue  = "http://aws.shop:5000/123456789012/shipping"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	provider := trace.NewTracerProvider(trace.WithBatcher(must(otlptracegrpc.New(ctx))))
	otel.SetTracerProvider(provider)
	otel.SetTextMapPropagator(propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{}))
	services := map[string]func(context.Context){
		"web": web, "orders": orders, "payment": payment, "shipping": shipping, "mailer": mailer,
	}
	go services[os.Args[1]](ctx)
	<-ctx.Done()
	if err := provider.Shutdown(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func database() *sql.DB {
	dsn := "postgres://shop:secret@postgres.shop:5432/shop"
	attributes := otelsql.AttributesFromDSN(dsn)
	return must(otelsql.Open("pgx", dsn, otelsql.WithAttributes(attributes...)))
}

func cache() *redis.Client {
	client := redis.NewClient(&redis.Options{Addr: "redis.shop:6379"})
	if err := redisotel.InstrumentTracing(client); err != nil {
		log.Fatal(err)
	}
	return client
}

func cloud(ctx context.Context) aws.Config {
	cfg := must(config.LoadDefaultConfig(ctx, config.WithRetryMaxAttempts(2)))
	otelaws.AppendMiddlewares(&cfg.APIOptions)
	return cfg
}

func kafka(options ...kgo.Opt) (*kgo.Client, *kotel.Tracer) {
	tracer := kotel.NewTracer(kotel.ConsumerGroup("mailer"))
	hooks := kotel.NewKotel(kotel.WithTracer(tracer)).Hooks()
	options = append(options, kgo.SeedBrokers("kafka.shop:9092"), kgo.WithHooks(hooks...), kgo.AllowAutoTopicCreation())
	return must(kgo.NewClient(options...)), tracer
}

func get(ctx context.Context, url string) int {
	client := http.Client{Transport: otelhttp.NewTransport(http.DefaultTransport), Timeout: 10 * time.Second}
	request := must(http.NewRequestWithContext(ctx, http.MethodGet, url, nil))
	response, err := client.Do(request)
	if err != nil {
		return http.StatusBadGateway
	}
	defer response.Body.Close()
	return response.StatusCode
}

func serve(address, pattern string, handler http.HandlerFunc) {
	mux := http.NewServeMux()
	mux.Handle(pattern, handler)
	log.Fatal(http.ListenAndServe(address, otelhttp.NewHandler(mux, "server")))
}

func web(context.Context) {
	serve("0.0.0.0:8080", "GET /buy/{item}", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(get(r.Context(), "http://orders.shop:8081/orders/"+r.PathValue("item")+"?quantity=1"))
	})
}

func orders(ctx context.Context) {
	db, cache := database(), cache()
	cfg := cloud(ctx)
	carts, queues, topics := dynamodb.NewFromConfig(cfg), sqs.NewFromConfig(cfg), sns.NewFromConfig(cfg)
	receipts := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	events, _ := kafka()
	connection := must(grpc.NewClient("payment.shop:50051",
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithStatsHandler(otelgrpc.NewClientHandler())))

	place := func(ctx context.Context, item string) (int, error) {
		if get(ctx, "http://partner.shop:8090/price/"+item) >= 500 {
			return http.StatusBadGateway, nil
		}
		cache.Get(ctx, "price:"+item)
		cache.Incr(ctx, "sold:"+item)
		key := map[string]types.AttributeValue{"item": &types.AttributeValueMemberS{Value: item}}
		if item == "gone" {
			if _, err := carts.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String("gone"), Key: key}); err != nil {
				return http.StatusNotFound, nil
			}
		}
		table := "carts"
		if item == "hot" {
			table = "hot"
		}
		if _, err := carts.PutItem(ctx, &dynamodb.PutItemInput{TableName: &table, Item: key}); err != nil {
			return http.StatusServiceUnavailable, nil
		}
		err := connection.Invoke(ctx, charge, wrapperspb.String(item), new(wrapperspb.StringValue))
		if status.Code(err) == codes.ResourceExhausted {
			return http.StatusTooManyRequests, nil
		}
		if err != nil {
			return http.StatusPaymentRequired, nil
		}
		table = "orders"
		if item == "broken" {
			table = "no_such_table"
		}
		if _, err := db.ExecContext(ctx, "INSERT INTO "+table+" (item, price) VALUES ($1, 7)", item); err != nil {
			return http.StatusInternalServerError, nil
		}
		_, err = receipts.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("receipts"), Key: aws.String(item + ".txt")})
		topic := "arn:aws:sns:us-east-1:123456789012:sold"
		_, err2 := topics.Publish(ctx, &sns.PublishInput{TopicArn: &topic, Message: &item})
		_, err3 := queues.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String(queue), MessageBody: &item})
		record := &kgo.Record{Topic: "orders-placed", Value: []byte(item)}
		return http.StatusOK, errors.Join(err, err2, err3, events.ProduceSync(ctx, record).FirstErr())
	}
	serve("0.0.0.0:8081", "GET /orders/{item}", func(w http.ResponseWriter, r *http.Request) {
		code, err := place(r.Context(), r.PathValue("item"))
		if err != nil {
			log.Print(err)
			code = http.StatusNotImplemented
		}
		w.WriteHeader(code)
	})
}

func payment(context.Context) {
	db := database()
	pay := func(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		request := new(wrapperspb.StringValue)
		if err := decode(request); err != nil {
			return nil, err
		}
		switch request.Value {
		case "busy":
			return nil, status.Error(codes.ResourceExhausted, "too many charges")
		case "declined":
			return nil, status.Error(codes.FailedPrecondition, "card declined")
		}
		var price int
		err := db.QueryRowContext(ctx, "SELECT price FROM orders WHERE item = $1", request.Value).Scan(&price)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
		return wrapperspb.String("paid"), nil
	}
	server := grpc.NewServer(grpc.StatsHandler(otelgrpc.NewServerHandler()))
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "shop.Payment",
		HandlerType: (*any)(nil),
		Methods:     []grpc.MethodDesc{{MethodName: "Charge", Handler: pay}},
	}, nil)
	log.Fatal(server.Serve(must(net.Listen("tcp", "0.0.0.0:50051"))))
}

func shipping(ctx context.Context) {
	db := database()
	queues := sqs.NewFromConfig(cloud(ctx))
	for ctx.Err() == nil {
		answer, err := queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: aws.String(queue), WaitTimeSeconds: 2, MessageAttributeNames: []string{"All"},
		})
		if err != nil {
			continue
		}
		for _, message := range answer.Messages {
			if _, err := db.ExecContext(ctx, "UPDATE orders SET shipped = true WHERE item = $1", *message.Body); err != nil {
				log.Print(err)
			}
			_, err := queues.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: aws.String(queue), ReceiptHandle: message.ReceiptHandle})
			if err != nil {
				log.Print(err)
			}
		}
	}
}

func mailer(ctx context.Context) {
	cache := cache()
	client, tracer := kafka(kgo.ConsumeTopics("orders-placed"), kgo.ConsumerGroup("mailer"),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	for ctx.Err() == nil {
		client.PollFetches(ctx).EachRecord(func(record *kgo.Record) {
			ctx, span := tracer.WithProcessSpan(record)
			cache.Set(ctx, "mailed:"+string(record.Value), "yes", 0)
			span.End()
		})
	}
}
