//! ECS over awsJson1_1: one file a resource, and `names` for what they all take and refuse.

mod clusters;
mod definitions;
mod names;
mod service_input;
mod service_output;
mod services;
mod tags;
mod tasks;
#[cfg(test)]
mod tests;
mod waiting;

use crate::operation::{Protocol, Service};
use crate::operations;

pub const ECS: Service = Service {
    scope: "ecs",
    speaks: &[Protocol::Json { target: "AmazonEC2ContainerServiceV20141113", version: "1.1" }],
    items: &[],
    misshapen: "InvalidParameterException",
    global: false,
    operations: operations![
        CreateCluster => clusters::create;
        DescribeClusters => clusters::describe, reads;
        ListClusters => clusters::list, reads;
        UpdateClusterSettings => clusters::update_settings;
        DeleteCluster => clusters::delete;
        RegisterTaskDefinition => definitions::register;
        DescribeTaskDefinition => definitions::describe, reads;
        ListTaskDefinitions => definitions::list, reads;
        DeregisterTaskDefinition => definitions::deregister;
        CreateService => services::create;
        DescribeServices => services::describe, reads;
        ListServices => services::list, reads;
        UpdateService => services::update;
        DeleteService => services::delete;
        ListTasks => tasks::list, reads;
        DescribeTasks => tasks::describe, reads;
        StopTask => tasks::stop;
        TagResource => tags::tag;
        UntagResource => tags::untag;
        ListTagsForResource => tags::list, reads;
    ],
};
