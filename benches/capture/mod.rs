//! Requests as the AWS SDK makes and signs them, kept instead of sent.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_cloudwatch::types::{Dimension, Metric, MetricDataQuery, MetricStat};
use aws_sdk_elasticloadbalancingv2::types::{ProtocolEnum, TargetTypeEnum};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::DateTime;
use aws_smithy_types::retry::RetryConfig;
use std::sync::{Arc, Mutex};
use tandem_sim::World;
use tandem_sim::wire::Request;

/// Where small things are asked for.
const REGION: &str = "us-east-1";
/// Where a hundred tasks run.
const HUNDRED: &str = "eu-west-1";
const NAME: &str = "shop-web";

/// One request, signed.
pub struct Ask {
    pub name: &'static str,
    pub request: Request,
}

/// Keeps the last request and answers nothing.
#[derive(Debug, Clone, Default)]
struct Keeper(Arc<Mutex<Option<Request>>>);

impl HttpConnector for Keeper {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let request = request.try_into_http1x().unwrap().map(|body| body.bytes().unwrap_or_default().to_vec());
        *self.0.lock().unwrap() = Some(request);
        HttpConnectorFuture::ready(Err(ConnectorError::io("kept".into())))
    }
}

impl HttpClient for Keeper {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

fn config(endpoint: &str, region: &'static str, http_client: SharedHttpClient) -> SdkConfig {
    let credentials = Credentials::new("AKIASIMULATED0000001", "simulated", None, None, "bench");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .endpoint_url(endpoint)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .retry_config(RetryConfig::disabled())
        .http_client(http_client)
        .build()
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// What the world is asked.
pub fn requests(world: &mut World, endpoint: &str) -> Vec<Ask> {
    let groups: Vec<String> = world.elb_in(REGION).target_groups.values().map(|group| group.arn.clone()).collect();
    let ecs = world.ecs_in(HUNDRED);
    let tasks: Vec<String> = ecs.pool.tasks.values().map(|task| task.arn(HUNDRED)).take(100).collect();
    assert_eq!(tasks.len(), 100);
    let mut asks = small(endpoint, groups.first().unwrap());
    asks.push(kept_in(HUNDRED, endpoint, "ECS DescribeTasks x100", |config| async move {
        let call = aws_sdk_ecs::Client::new(&config).describe_tasks().cluster("shop").set_tasks(Some(tasks));
        drop(call.send().await);
    }));
    asks
}

/// The same small requests for another emulator, where what they ask for is made first, as far as it
/// can be made there.
pub fn at_another(endpoint: &str) -> Vec<Ask> {
    let real = aws_smithy_http_client::Builder::new().build_http();
    let config = config(endpoint, REGION, real);
    let group = wait(async {
        let ecs = aws_sdk_ecs::Client::new(&config);
        drop(ecs.create_cluster().cluster_name("shop").send().await);
        let container = aws_sdk_ecs::types::ContainerDefinition::builder().name("web").image("web").memory(512).build();
        drop(ecs.register_task_definition().family(NAME).container_definitions(container).send().await);
        let service = ecs.create_service().cluster("shop").service_name(NAME).task_definition(NAME).desired_count(4);
        drop(service.send().await);
        let zone = aws_sdk_route53::Client::new(&config).create_hosted_zone().name("shop.example");
        drop(zone.caller_reference("bench").send().await);
        let group = aws_sdk_elasticloadbalancingv2::Client::new(&config).create_target_group().name(NAME);
        let group = group.protocol(ProtocolEnum::Http).port(80).vpc_id("vpc-00000000").target_type(TargetTypeEnum::Ip);
        let made = group.send().await.ok()?;
        made.target_groups().first()?.target_group_arn().map(String::from)
    });
    small(endpoint, group.as_deref().unwrap_or("none"))
}

fn small(endpoint: &str, group: &str) -> Vec<Ask> {
    let group = group.to_string();
    vec![
        kept(endpoint, "ECS DescribeServices", |config| async move {
            let call = aws_sdk_ecs::Client::new(&config).describe_services().cluster("shop").services(NAME);
            drop(call.send().await);
        }),
        kept(endpoint, "ELBv2 DescribeTargetHealth", |config| async move {
            let client = aws_sdk_elasticloadbalancingv2::Client::new(&config);
            drop(client.describe_target_health().target_group_arn(group).send().await);
        }),
        kept(endpoint, "Route 53 ListHostedZones", |config| async move {
            drop(aws_sdk_route53::Client::new(&config).list_hosted_zones().send().await);
        }),
        kept(endpoint, "STS GetCallerIdentity", |config| async move {
            drop(aws_sdk_sts::Client::new(&config).get_caller_identity().send().await);
        }),
        kept(endpoint, "CloudWatch GetMetricData", |config| async move {
            let call = aws_sdk_cloudwatch::Client::new(&config).get_metric_data().metric_data_queries(cpu());
            // the world begins at 2026-01-05T14:00Z
            let at = |minutes: i64| DateTime::from_secs(1_767_621_600 + 60 * minutes);
            drop(call.start_time(at(-15)).end_time(at(0)).send().await);
        }),
    ]
}

/// A quarter of an hour of the service's CPU.
fn cpu() -> MetricDataQuery {
    let dimension = |name: &str, value: &str| Dimension::builder().name(name).value(value).build();
    let metric = Metric::builder()
        .namespace("AWS/ECS")
        .metric_name("CPUUtilization")
        .dimensions(dimension("ClusterName", "shop"))
        .dimensions(dimension("ServiceName", NAME))
        .build();
    let stat = MetricStat::builder().metric(metric).period(60).stat("Average").build();
    MetricDataQuery::builder().id("cpu").metric_stat(stat).build()
}

/// The request that `call` makes with a client of this configuration.
fn kept<F: Future<Output = ()>>(endpoint: &str, name: &'static str, call: impl FnOnce(SdkConfig) -> F) -> Ask {
    kept_in(REGION, endpoint, name, call)
}

fn kept_in<F: Future<Output = ()>>(
    region: &'static str,
    endpoint: &str,
    name: &'static str,
    call: impl FnOnce(SdkConfig) -> F,
) -> Ask {
    let keeper = Keeper::default();
    wait(call(config(endpoint, region, SharedHttpClient::new(keeper.clone()))));
    let request = keeper.0.lock().unwrap().take();
    Ask { name, request: request.unwrap_or_else(|| panic!("{name}: the SDK sent nothing")) }
}
