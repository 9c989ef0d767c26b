//! Dry calls: one read of every service that Tandem uses, for the answer alone.

use crate::cloud::Aws;
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;
use crate::probe::Boxed;
use aws_sdk_applicationautoscaling::types::ServiceNamespace;

type Ask = for<'a> fn(&'a Aws, &'a str) -> Boxed<'a, Result<(), CallError>>;

/// A service, by the prefix of its actions, and what is asked of it.
pub const ACCESS: [(&str, Ask); 10] = [
    ("ecs", |aws, region| {
        Box::pin(async move {
            let call = aws.regional(region)?.ecs.reads.list_clusters().max_results(1);
            call.send().await.map(drop).map_err(call_error)
        })
    }),
    ("elasticloadbalancing", |aws, region| {
        Box::pin(async move {
            let call = aws.regional(region)?.elbv2.reads.describe_load_balancers().page_size(1);
            call.send().await.map(drop).map_err(call_error)
        })
    }),
    ("application-autoscaling", |aws, region| {
        Box::pin(async move {
            let client = &aws.regional(region)?.scaling.reads;
            let call = client.describe_scalable_targets().service_namespace(ServiceNamespace::Ecs).max_results(1);
            call.send().await.map(drop).map_err(call_error)
        })
    }),
    ("rds", |aws, region| {
        Box::pin(async move {
            let call = aws.regional(region)?.rds.reads.describe_db_clusters().max_records(20);
            call.send().await.map(drop).map_err(call_error)
        })
    }),
    ("dynamodb", |aws, region| {
        Box::pin(async move {
            let call = aws.regional(region)?.dynamodb.reads.list_tables().limit(1);
            call.send().await.map(drop).map_err(call_error)
        })
    }),
    ("cloudwatch", |aws, region| {
        Box::pin(async move {
            let call = aws.regional(region)?.cloudwatch.reads.describe_alarms().max_records(1);
            call.send().await.map(drop).map_err(call_error)
        })
    }),
    ("cloudformation", |aws, region| {
        Box::pin(async move {
            let call = aws.regional(region)?.cloudformation.reads.list_stacks();
            call.send().await.map(drop).map_err(call_error)
        })
    }),
    ("secretsmanager", |aws, region| {
        Box::pin(async move {
            let call = aws.regional(region)?.secretsmanager.reads.list_secrets().max_results(1);
            call.send().await.map(drop).map_err(call_error)
        })
    }),
    ("ecr", |aws, region| {
        Box::pin(async move {
            let call = aws.regional(region)?.ecr.describe_repositories().max_results(1);
            call.send().await.map(drop).map_err(call_error)
        })
    }),
    ("servicequotas", |aws, region| {
        Box::pin(async move {
            let call = aws.regional(region)?.servicequotas.list_service_quotas().service_code("fargate").max_results(1);
            call.send().await.map(drop).map_err(call_error)
        })
    }),
];

/// Whether the Region's API of the service at `place` of [`ACCESS`] lets us read.
///
/// # Errors
/// As the call ends.
pub async fn access(aws: &Aws, region: &str, place: usize) -> Result<(), CallError> {
    match ACCESS.get(place) {
        Some((_, ask)) => ask(aws, region).await,
        None => Ok(()),
    }
}
