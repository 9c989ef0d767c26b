//! CloudWatch over rpc-v2-cbor, awsJson1_0 and awsQuery.
//!
//! `put` takes metrics, `data` gives them, `statistics` is the older way to read them and `list` finds
//! them; `put_alarm` makes alarms, `alarms` describes them, `state` sets and tells their states;
//! `dashboards` keeps dashboards;
//! `shapes` are the shared members and `refuse` the words of refusals.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

mod alarms;
mod dashboards;
mod data;
mod list;
mod put;
mod put_alarm;
mod refuse;
mod shapes;
mod state;
mod statistics;
mod tags;
#[cfg(test)]
mod tests;

use crate::operation::{Protocol, Service};
use crate::operations;

pub const CLOUDWATCH: Service = Service {
    scope: "monitoring",
    speaks: &[
        Protocol::Cbor,
        Protocol::Json { target: "GraniteServiceVersion20100801", version: "1.0" },
        Protocol::Query { xmlns: "http://monitoring.amazonaws.com/doc/2010-08-01/" },
    ],
    items: &[],
    misshapen: "InvalidParameterValue",
    global: false,
    operations: operations![
        PutMetricData => put::put_metric_data;
        GetMetricData => data::get_metric_data, reads;
        GetMetricStatistics => statistics::get_metric_statistics, reads;
        ListMetrics => list::list_metrics, reads;
        PutMetricAlarm => put_alarm::put_metric_alarm;
        DescribeAlarms => alarms::describe_alarms, reads;
        DescribeAlarmsForMetric => alarms::describe_alarms_for_metric, reads;
        DeleteAlarms => alarms::delete_alarms;
        SetAlarmState => state::set_alarm_state;
        DescribeAlarmHistory => state::describe_alarm_history, reads;
        EnableAlarmActions => state::enable_alarm_actions;
        DisableAlarmActions => state::disable_alarm_actions;
        PutDashboard => dashboards::put_dashboard;
        GetDashboard => dashboards::get_dashboard, reads;
        ListDashboards => dashboards::list_dashboards, reads;
        DeleteDashboards => dashboards::delete_dashboards;
        TagResource => tags::tag_resource;
        UntagResource => tags::untag_resource;
        ListTagsForResource => tags::list_tags_for_resource, reads;
    ],
};
