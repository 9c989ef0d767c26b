//! The dashboard of the stack: all Regions beside one another.

use super::watching::{CLOUDWATCH, dimensions};
use crate::cloud::{Aws, look};
use crate::deploy::given::{Given, Missing, STACK};
use crate::deploy::part::Part;
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::probe::Boxed;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const ALB: &str = "AWS/ApplicationELB";

pub struct Dashboard {
    home: String,
    name: String,
    /// Regions, and the clusters of the database there.
    regions: Vec<(String, String)>,
}

impl Dashboard {
    pub fn new(spec: &Spec) -> Self {
        Self {
            home: spec.home().into(),
            name: spec.stack.name.clone(),
            regions: spec.region_names().map(|region| (region.into(), spec.cluster(region))).collect(),
        }
    }

    /// Two beside one another in a grid of 24 columns (CloudWatch User Guide, Dashboard body structure and syntax).
    fn widget(&self, place: usize, title: &str, stat: &str, metrics: Vec<Value>) -> Value {
        json!({
            "type": "metric", "x": place % 2 * 12, "y": place / 2 * 6, "width": 12, "height": 6,
            "properties": {
                "title": title, "region": self.home, "view": "timeSeries", "stacked": false,
                "stat": stat, "period": 60, "metrics": metrics,
            },
        })
    }

    fn put(&self, want: &Value, given: &Given) -> Call {
        let input = json!({
            "DashboardName": self.name,
            "DashboardBody": want["DashboardBody"].to_string(),
            "Tags": given.tag_list("dashboard", want),
        });
        Call::request(&self.home, CLOUDWATCH, "PutDashboard", input)
    }
}

impl Part for Dashboard {
    fn look<'a>(&'a self, aws: &'a Aws, given: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        // one that cannot tell is known by its name
        let ours = BTreeMap::from([(STACK.to_string(), given.stack.clone())]);
        Box::pin(look::cloudwatch::dashboard(aws, &self.home, &self.name, ours))
    }

    fn want(&self, given: &Given) -> Result<Value, Missing> {
        let (mut requests, mut errors, mut healthy, mut lag) = (vec![], vec![], vec![], vec![]);
        for (region, cluster) in &self.regions {
            let (balancer, group) = dimensions(region, given)?;
            let shown = |label: String| json!({ "region": region, "label": label });
            let of = |metric: &str, label: String| json!([ALB, metric, "LoadBalancer", balancer, shown(label)]);
            requests.push(of("RequestCount", region.clone()));
            errors.push(of("HTTPCode_Target_5XX_Count", format!("{region} tasks")));
            errors.push(of("HTTPCode_ELB_5XX_Count", format!("{region} load balancer")));
            healthy.push(json!([
                ALB,
                "HealthyHostCount",
                "TargetGroup",
                group,
                "LoadBalancer",
                balancer,
                shown(region.clone())
            ]));
            // a writer has none: the lines move with the roles
            lag.push(json!([
                "AWS/RDS",
                "AuroraGlobalDBReplicationLag",
                "DBClusterIdentifier",
                cluster,
                shown(region.clone())
            ]));
        }
        let widgets = json!([
            self.widget(0, "Requests", "Sum", requests),
            self.widget(1, "Errors (5xx)", "Sum", errors),
            self.widget(2, "Healthy hosts", "Minimum", healthy),
            self.widget(3, "Aurora replication lag (ms)", "Maximum", lag),
        ]);
        Ok(json!({ "DashboardName": self.name, "DashboardBody": { "widgets": widgets } }))
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        Ok(self.put(want, given))
    }

    fn ready(&self, _: &Seen) -> Ready {
        Ready::Yes
    }

    fn update(&self, want: &Value, _: &Seen, _: &[Difference], given: &Given) -> Result<Next, Missing> {
        Ok(Next::Send(self.put(want, given)))
    }

    fn remove(&self, _: &Seen, _: &Given) -> Result<Next, Missing> {
        let input = json!({ "DashboardNames": [self.name] });
        Ok(Next::Send(Call::request(&self.home, CLOUDWATCH, "DeleteDashboards", input)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{self, request};
    use super::*;
    use crate::model::deploy::differences;

    #[test]
    fn every_region_has_its_line_from_its_own_metrics() {
        let want = Dashboard::new(&fixtures::spec()).want(&fixtures::given()).unwrap();
        let widgets = want["DashboardBody"]["widgets"].as_array().unwrap();
        let lines: Vec<usize> =
            widgets.iter().map(|one| one["properties"]["metrics"].as_array().unwrap().len()).collect();
        assert_eq!(lines, [2, 4, 2, 2]);
        let lag = &widgets[3]["properties"]["metrics"][1];
        assert_eq!((&lag[3], &lag[4]["region"]), (&json!("shop-db-eu-west-1"), &json!("eu-west-1")));
        assert_eq!((&widgets[3]["x"], &widgets[3]["y"]), (&json!(12), &json!(6)));
    }

    #[test]
    fn its_body_is_sent_as_text_and_compared_as_json() {
        let given = fixtures::given();
        let part = Dashboard::new(&fixtures::spec());
        let want = part.want(&given).unwrap();
        let (operation, input) = request(&part.create(&want, &given).unwrap());
        assert_eq!(operation, "PutDashboard");
        let body: Value = serde_json::from_str(input["DashboardBody"].as_str().unwrap()).unwrap();
        assert_eq!(differences(&want, &json!({ "DashboardName": "shop", "DashboardBody": body })), []);
        let widgets = json!({ "DashboardName": "shop", "DashboardBody": { "widgets": [] } });
        assert_eq!(differences(&want, &widgets)[0].member, "DashboardBody.widgets");
    }
}
