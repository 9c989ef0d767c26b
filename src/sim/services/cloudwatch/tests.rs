use super::CLOUDWATCH;
use crate::doc::{Doc, Input};
use crate::moment::{MARK, Moment};
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::metrics::{Series, alarm_stream_healthy};
use serde_json::json;
use std::time::Duration;

const REGION: &str = "eu-west-1";

fn run(world: &mut World, operation: &str, input: Input) -> Answer<Doc> {
    let caller = Caller { region: REGION.into(), principal: "AKIA".into(), now: world.now };
    let operation = CLOUDWATCH.operations.iter().find(|known| known.name == operation).unwrap();
    (operation.run)(world, &caller, input)
}

/// What was answered, without the members that no codec writes.
fn call(world: &mut World, operation: &str, ask: Doc) -> Doc {
    let mut told = run(world, operation, Input::Typed(ask)).unwrap();
    strip(&mut told);
    told
}

fn strip(doc: &mut Doc) {
    match doc {
        Doc::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(strip);
        }
        Doc::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

fn refusal(world: &mut World, operation: &str, ask: Doc) -> (&'static str, String) {
    let refused = run(world, operation, Input::Typed(ask)).unwrap_err();
    (refused.code, refused.message)
}

fn errors() -> Series {
    Series::new("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", &[("LoadBalancer", "app/web/1")])
}

fn seconds(world: &World, n: i64) -> f64 {
    world.now.seconds() + n as f64
}

/// Lets `minutes` pass, with a sample of `value` in each.
fn live(world: &mut World, minutes: u64, value: Option<f64>) {
    for _ in 0..minutes {
        let now = world.now;
        if let Some(value) = value {
            world.metrics_in(REGION).put(errors(), "Count", now, value, 1);
        }
        world.advance(now + Duration::from_secs(60));
    }
}

fn alarm(world: &mut World, more: Doc) {
    let mut ask = json!({
        "AlarmName": "sick", "Namespace": "AWS/ApplicationELB", "MetricName": "HTTPCode_ELB_5XX_Count",
        "Dimensions": [{"Name": "LoadBalancer", "Value": "app/web/1"}], "Statistic": "Sum", "Period": 60,
        "EvaluationPeriods": 3, "DatapointsToAlarm": 2, "Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold",
    });
    ask.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    call(world, "PutMetricAlarm", ask);
}

fn state(world: &mut World) -> (String, String) {
    let told = call(world, "DescribeAlarms", json!({"AlarmNames": ["sick"]}));
    let alarm = &told["MetricAlarms"][0];
    (alarm["StateValue"].as_str().unwrap().into(), alarm["StateReason"].as_str().unwrap().into())
}

#[test]
fn an_alarm_goes_through_its_states() {
    let mut world = World::empty(1);
    alarm(&mut world, json!({}));
    assert_eq!(state(&mut world), ("INSUFFICIENT_DATA".into(), "Unchecked: Initial alarm creation".into()));
    live(&mut world, 6, Some(0.0));
    assert_eq!(state(&mut world).0, "OK");
    live(&mut world, 1, Some(5.0));
    live(&mut world, 5, Some(0.0));
    assert_eq!(state(&mut world).0, "OK", "one of three is not two");
    live(&mut world, 5, Some(5.0));
    let (value, reason) = state(&mut world);
    assert_eq!(value, "ALARM");
    assert_eq!(
        reason,
        "Threshold Crossed: 2 out of the last 3 datapoints [5.0 (05/01/26 14:13:00), 5.0 (05/01/26 14:12:00)] were \
         greater than the threshold (1.0) (minimum 2 datapoints for OK -> ALARM transition)."
    );
    live(&mut world, 10, None);
    let (value, reason) = state(&mut world);
    assert_eq!(
        (value.as_str(), reason.as_str()),
        ("INSUFFICIENT_DATA", "Insufficient Data: 3 datapoints were unknown.")
    );
    let kinds = world.truth.kinds();
    assert_eq!((kinds["alarm.ok"], kinds["alarm.alarm"], kinds["alarm.insufficient"]), (1, 1, 1));
}

#[test]
fn missing_data_are_treated_as_asked() {
    for (treatment, expected, healthy) in [
        ("missing", "INSUFFICIENT_DATA", None),
        ("ignore", "OK", Some(true)),
        ("breaching", "ALARM", Some(false)),
        ("notBreaching", "OK", Some(true)),
    ] {
        let mut world = World::empty(1);
        alarm(&mut world, json!({"TreatMissingData": treatment}));
        live(&mut world, 6, Some(0.0));
        live(&mut world, 10, None);
        assert_eq!(state(&mut world).0, expected, "{treatment}");
        assert_eq!(alarm_stream_healthy(&world, REGION, "sick"), healthy, "{treatment}");
    }
}

#[test]
fn a_state_set_by_hand_holds_a_minute_and_no_health_check_sees_it() {
    let mut world = World::empty(1);
    alarm(&mut world, json!({}));
    live(&mut world, 6, Some(0.0));
    call(&mut world, "SetAlarmState", json!({"AlarmName": "sick", "StateValue": "ALARM", "StateReason": "a drill"}));
    assert_eq!(state(&mut world), ("ALARM".into(), "a drill".into()));
    assert_eq!(alarm_stream_healthy(&world, REGION, "sick"), Some(true));
    live(&mut world, 1, Some(0.0));
    assert_eq!(state(&mut world).0, "OK");
    let history = call(&mut world, "DescribeAlarmHistory", json!({"AlarmName": "sick", "MaxRecords": 3}));
    let summaries: Vec<&str> =
        (0..3).map(|n| history["AlarmHistoryItems"][n]["HistorySummary"].as_str().unwrap()).collect();
    assert_eq!(
        summaries,
        [
            "Alarm updated from ALARM to OK",
            "Alarm updated from OK to ALARM",
            "Alarm updated from INSUFFICIENT_DATA to OK"
        ]
    );
    let rest = json!({"MaxRecords": 3, "NextToken": history["NextToken"]});
    let rest = call(&mut world, "DescribeAlarmHistory", rest);
    assert_eq!(rest["AlarmHistoryItems"][0]["HistorySummary"], "Alarm \"sick\" created");
    assert_eq!(rest["NextToken"], Doc::Null);
}

#[test]
fn alarms_are_refused_found_and_deleted() {
    let mut world = World::empty(1);
    let bad = json!({"AlarmName": "a", "MetricName": "m", "Namespace": "n", "Statistic": "Sum", "Period": 60,
        "EvaluationPeriods": 1441, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold"});
    assert_eq!(
        refusal(&mut world, "PutMetricAlarm", bad),
        (
            "ValidationError",
            "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).".into()
        )
    );
    for n in 0..7 {
        alarm(&mut world, json!({"AlarmName": format!("a{n}"), "Tags": [{"Key": "stack", "Value": "shop"}]}));
    }
    let first = call(&mut world, "DescribeAlarms", json!({"AlarmNamePrefix": "a", "MaxRecords": 5}));
    assert_eq!(first["MetricAlarms"].as_array().unwrap().len(), 5);
    let ask = json!({"AlarmNamePrefix": "a", "MaxRecords": 5, "NextToken": first["NextToken"]});
    assert_eq!(call(&mut world, "DescribeAlarms", ask)["MetricAlarms"].as_array().unwrap().len(), 2);
    assert_eq!(refusal(&mut world, "DeleteAlarms", json!({"AlarmNames": ["a1", "zz"]})).0, "ResourceNotFound");
    call(&mut world, "DeleteAlarms", json!({"AlarmNames": ["a1"]}));
    assert_eq!(call(&mut world, "DescribeAlarms", json!({"StateValue": "OK"}))["MetricAlarms"], json!([]));
    assert_eq!(refusal(&mut world, "DescribeAlarms", json!({"NextToken": "junk"})).0, "InvalidNextToken");
    let arn = first["MetricAlarms"][0]["AlarmArn"].clone();
    call(&mut world, "TagResource", json!({"ResourceARN": arn, "Tags": [{"Key": "b", "Value": "2"}]}));
    call(&mut world, "UntagResource", json!({"ResourceARN": arn, "TagKeys": ["stack"]}));
    let tags = call(&mut world, "ListTagsForResource", json!({"ResourceARN": arn}));
    assert_eq!(tags, json!({"Tags": [{"Key": "b", "Value": "2"}]}));
    call(&mut world, "DisableAlarmActions", json!({"AlarmNames": ["a0"]}));
    let told = call(&mut world, "DescribeAlarms", json!({"AlarmNames": ["a0"]}));
    assert_eq!(told["MetricAlarms"][0]["ActionsEnabled"], false);
}

#[test]
fn metrics_are_put_and_read_in_every_protocol() {
    let mut world = World::empty(1);
    let (start, now) = (world.now.iso(), seconds(&world, 0));
    call(
        &mut world,
        "PutMetricData",
        json!({"Namespace": "Shop", "MetricData": [
            {"MetricName": "Latency", "Unit": "Milliseconds", "Timestamp": now, "Values": [10, 20], "Counts": [3.0, 1]},
        ]}),
    );
    let text = json!({"Namespace": "Shop", "MetricData": {"member": {"1": {
        "MetricName": "Latency", "Unit": "Milliseconds", "Value": "50.5", "Timestamp": start,
    }}}});
    run(&mut world, "PutMetricData", Input::Text(text)).unwrap();
    world.advance(world.now + Duration::from_secs(90));
    let ask = json!({"Namespace": "Shop", "MetricName": "Latency", "StartTime": now, "EndTime": now + 60.0,
        "Period": 60, "Statistics": ["Sum", "SampleCount"]});
    let got = call(&mut world, "GetMetricStatistics", ask);
    assert_eq!(
        got["Datapoints"],
        json!([{"Timestamp": {MARK: Moment::START.0}, "Sum": 100.5, "SampleCount": 5.0, "Unit": "Milliseconds"}])
    );
    let text = json!({"Namespace": "Shop", "MetricName": "Latency", "StartTime": start, "Period": "60",
        "EndTime": world.now.iso(), "ExtendedStatistics": {"member": {"1": "p100", "2": "p50"}}});
    let got = run(&mut world, "GetMetricStatistics", Input::Text(text)).unwrap();
    let extended = &got["Datapoints"][0]["ExtendedStatistics"];
    assert_eq!(extended["p100"], 50.5);
    assert!((extended["p50"].as_f64().unwrap() - 10.0).abs() <= 0.3);
    let listed = call(&mut world, "ListMetrics", json!({"Namespace": "Shop"}));
    assert_eq!(listed["Metrics"], json!([{"Namespace": "Shop", "MetricName": "Latency", "Dimensions": []}]));
}

#[test]
fn bad_data_are_refused_whole() {
    let mut world = World::empty(1);
    let now = seconds(&world, 0);
    let good = json!({"MetricName": "m", "Value": 1});
    for (datum, code) in [
        (json!({"MetricName": "m"}), "InvalidParameterCombination"),
        (json!({"Value": 1}), "MissingParameter"),
        (json!({"MetricName": "m", "Value": 1, "Values": [1]}), "InvalidParameterCombination"),
        (json!({"MetricName": "m", "Values": [1, 2], "Counts": [1]}), "InvalidParameterValue"),
        (json!({"MetricName": "m", "Value": 1, "Timestamp": now - 15.0 * 86400.0}), "InvalidParameterValue"),
        (json!({"MetricName": "m", "Value": 1, "Timestamp": now + 7201.0}), "InvalidParameterValue"),
        (json!({"MetricName": "m", "Value": 1e200}), "InvalidParameterValue"),
        (json!({"MetricName": "m", "Value": 1, "Unit": "Parsecs"}), "ValidationError"),
    ] {
        let ask = json!({"Namespace": "Shop", "MetricData": [good, datum]});
        assert_eq!(refusal(&mut world, "PutMetricData", ask.clone()).0, code, "{ask}");
    }
    let ask = json!({"Namespace": "AWS/ECS", "MetricData": [good]});
    assert_eq!(refusal(&mut world, "PutMetricData", ask).0, "InvalidParameterValue");
    world.advance(world.now + Duration::from_secs(60));
    assert_eq!(call(&mut world, "ListMetrics", json!({}))["Metrics"], json!([]));
}

fn query(id: &str, period: u64) -> Doc {
    json!({"Id": id, "MetricStat": {"Metric": {"Namespace": "AWS/ApplicationELB", "MetricName": "HTTPCode_ELB_5XX_Count",
        "Dimensions": [{"Name": "LoadBalancer", "Value": "app/web/1"}]}, "Period": period, "Stat": "Sum"}})
}

#[test]
fn metric_data_come_newest_first_and_in_pages() {
    let mut world = World::empty(1);
    live(&mut world, 10, Some(2.0));
    live(&mut world, 3, None);
    let (from, to) = (seconds(&world, -13 * 60), seconds(&world, 0));
    let mut ask = json!({"StartTime": from, "EndTime": to, "MaxDatapoints": 8, "MetricDataQueries": [
        query("m1", 60), {"Id": "e1", "Expression": "FILL(m1, 0) / 2", "Label": "half"},
        {"Id": "hidden", "Expression": "m1 * e1", "ReturnData": false},
    ]});
    let (mut seen, mut pages) = (std::collections::BTreeMap::<String, Vec<f64>>::new(), 0);
    loop {
        let got = call(&mut world, "GetMetricData", ask.clone());
        pages += 1;
        for result in got["MetricDataResults"].as_array().unwrap() {
            let values = result["Values"].as_array().unwrap().iter().map(|value| value.as_f64().unwrap());
            seen.entry(result["Id"].as_str().unwrap().into()).or_default().extend(values);
        }
        if got["NextToken"].is_null() {
            break;
        }
        assert_eq!(got["MetricDataResults"].as_array().unwrap().last().unwrap()["StatusCode"], "PartialData");
        ask["NextToken"] = got["NextToken"].clone();
    }
    assert_eq!(pages, 3);
    assert_eq!(seen["m1"], vec![2.0; 10]);
    let half: Vec<f64> = [vec![0.0; 3], vec![1.0; 10]].concat();
    assert_eq!(seen["e1"], half, "newest first: the gap is at the head");
    assert!(!seen.contains_key("hidden"));
}

#[test]
fn a_metric_without_data_is_told_empty() {
    let mut world = World::empty(1);
    let ask = json!({"StartTime": seconds(&world, -600), "EndTime": seconds(&world, 0), "MetricDataQueries": [query("m1", 60)]});
    let got = call(&mut world, "GetMetricData", ask);
    assert_eq!(
        got,
        json!({"MetricDataResults": [{"Id": "m1", "Label": "HTTPCode_ELB_5XX_Count", "Timestamps": [], "Values": [],
            "StatusCode": "Complete"}], "Messages": []})
    );
}

#[test]
fn bad_queries_are_refused() {
    let mut world = World::empty(1);
    let (from, to) = (seconds(&world, -600), seconds(&world, 0));
    for (queries, told) in [
        (json!([{"Id": "e1", "Expression": "RATE(m1)"}]), "Error in expression 'e1': Unsupported function name: RATE"),
        (json!([{"Id": "e1", "Expression": "m1"}]), "Error in expression 'e1': Unrecognized id: m1"),
        (
            json!([{"Id": "e1", "Expression": "e2"}, {"Id": "e2", "Expression": "e1"}]),
            "Error in expression 'e1': Circular reference between expressions",
        ),
        (
            json!([{"Id": "e1", "Expression": "1 + 1"}]),
            "Error in expression 'e1': The expression [1 + 1] must return a time series",
        ),
        (
            json!([query("m1", 90)]),
            "The parameter MetricDataQueries.member.1.MetricStat.Period must be a multiple of 60 between 60 and 86400.",
        ),
        (
            json!([query("m1", 60), query("m1", 60)]),
            "The values for parameter id in MetricDataQueries.member.2 are not unique.",
        ),
    ] {
        let ask = json!({"StartTime": from, "EndTime": to, "MetricDataQueries": queries});
        assert_eq!(refusal(&mut world, "GetMetricData", ask), ("ValidationError", told.into()));
    }
    let many: Vec<Doc> = (0..501).map(|n| query(&format!("m{n}"), 60)).collect();
    let ask = json!({"StartTime": from, "EndTime": to, "MetricDataQueries": many});
    assert_eq!(refusal(&mut world, "GetMetricData", ask).0, "ValidationError");
}

#[test]
fn metrics_are_listed_in_pages_and_by_filter() {
    let mut world = World::empty(1);
    let now = world.now;
    for n in 0..1203 {
        let series = Series::new(
            "AWS/ECS",
            "CPUUtilization",
            &[("ServiceName", &format!("s{}", n % 7)), ("Task", &n.to_string())],
        );
        world.metrics_in(REGION).put(series, "Percent", now, 1.0, 1);
    }
    world.advance(now + Duration::from_secs(200));
    let (mut count, mut token, mut pages) = (0, Doc::Null, 0);
    loop {
        let got = call(&mut world, "ListMetrics", json!({"NextToken": token}));
        count += got["Metrics"].as_array().unwrap().len();
        (token, pages) = (got["NextToken"].clone(), pages + 1);
        if token.is_null() {
            break;
        }
    }
    assert_eq!((count, pages), (1203, 3));
    let ask = json!({"Dimensions": [{"Name": "ServiceName", "Value": "s3"}, {"Name": "Task"}]});
    assert_eq!(call(&mut world, "ListMetrics", ask)["Metrics"].as_array().unwrap().len(), 172);
}

#[test]
fn dashboards_are_kept_as_they_were_put_and_have_tags() {
    let mut world = World::empty(1);
    let put = |name: &str, body: &str| json!({"DashboardName": name, "DashboardBody": body, "Tags": [{"Key": "team", "Value": "shop"}]});
    call(&mut world, "PutDashboard", put("shop", r#"{"widgets": []}"#));
    call(&mut world, "PutDashboard", put("stock", "{}"));
    let got = call(&mut world, "GetDashboard", json!({"DashboardName": "shop"}));
    assert_eq!(got["DashboardBody"], r#"{"widgets": []}"#);
    let arn = got["DashboardArn"].clone();
    assert_eq!(arn, "arn:aws:cloudwatch::123456789012:dashboard/shop");
    let tags = call(&mut world, "ListTagsForResource", json!({"ResourceARN": arn}));
    assert_eq!(tags["Tags"], json!([{"Key": "team", "Value": "shop"}]));
    let listed = call(&mut world, "ListDashboards", json!({"DashboardNamePrefix": "sh"}));
    assert_eq!(listed["DashboardEntries"][0]["Size"], 15);
    assert_eq!(listed["DashboardEntries"].as_array().unwrap().len(), 1);
    for (name, body) in [("shop", "no JSON"), ("shop", "[]"), ("a shop", "{}")] {
        assert_eq!(refusal(&mut world, "PutDashboard", put(name, body)).0, "InvalidParameterInput", "{name} {body}");
    }
    for names in [vec![], vec!["shop"; 101]] {
        let refused = refusal(&mut world, "DeleteDashboards", json!({ "DashboardNames": names }));
        assert_eq!(refused.0, "InvalidParameterValue");
    }
    call(&mut world, "DeleteDashboards", json!({"DashboardNames": ["shop", "none"]}));
    assert_eq!(refusal(&mut world, "GetDashboard", json!({"DashboardName": "shop"})).0, "ResourceNotFound");
    assert_eq!(refusal(&mut world, "ListTagsForResource", json!({"ResourceARN": arn})).0, "ResourceNotFoundException");
}
