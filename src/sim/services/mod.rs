//! The tables of operations, one service a module. They read what was asked, ask the world, and word
//! the answer or the refusal as AWS does; dynamics live in [`crate::world`].

pub mod autoscaling;
pub mod cloudformation;
pub mod cloudwatch;
pub mod dynamodb;
pub mod ecr;
pub mod ecs;
pub mod elbv2;
pub mod rds;
pub mod rdsdata;
pub mod route53;
pub mod secretsmanager;
pub mod servicequotas;
pub mod sts;

use crate::operation::Service;

/// Every service that answers.
pub const ALL: &[&Service] = &[
    &sts::STS,
    &ecs::ECS,
    &elbv2::ELBV2,
    &autoscaling::AUTOSCALING,
    &route53::ROUTE53,
    &cloudwatch::CLOUDWATCH,
    &rds::RDS,
    &rdsdata::RDSDATA,
    &dynamodb::DYNAMODB,
    &cloudformation::CLOUDFORMATION,
    &secretsmanager::SECRETSMANAGER,
    &servicequotas::SERVICEQUOTAS,
    &ecr::ECR,
];
