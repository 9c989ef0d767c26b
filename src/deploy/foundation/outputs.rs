//! What a base stack says when it stands.

use std::collections::BTreeMap;

pub(super) const VPC: &str = "VpcId";
pub(super) const PUBLIC: &str = "PublicSubnets";
pub(super) const PRIVATE: &str = "PrivateSubnets";
pub(super) const TABLES: &str = "RouteTables";
pub(super) const ALB: &str = "AlbSecurityGroup";
pub(super) const APP: &str = "AppSecurityGroup";
pub(super) const DATABASE: &str = "DatabaseSecurityGroup";
pub(super) const EXECUTION: &str = "ExecutionRoleArn";
pub(super) const TASK: &str = "TaskRoleArn";
pub(super) const LOGS: &str = "LogGroup";
pub(super) const SUBNETS: &str = "DbSubnetGroup";
pub(super) const KEY: &str = "DbKeyArn";
pub(super) const WATCH: &str = "WatchSecurityGroup";

/// The outputs of `<stack>-base`. What the site gave (a VPC, roles) is among them, so that whoever
/// reads a stack need not have its configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseOutputs {
    pub vpc: String,
    pub public_subnets: Vec<String>,
    pub private_subnets: Vec<String>,
    /// Those of the private subnets.
    pub route_tables: Vec<String>,
    pub alb_security_group: String,
    pub app_security_group: String,
    pub database_security_group: String,
    pub execution_role: String,
    pub task_role: String,
    pub log_group: String,
    pub db_subnet_group: String,
    pub db_key: String,
}

/// Why outputs cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutputError {
    #[error("the base stack has no output {key}: it is another version's or half made, apply the stack again")]
    Missing { key: &'static str },
    #[error("the base stack's output {key} is `{value}`, not {wanted}: apply the stack again")]
    Malformed { key: &'static str, value: String, wanted: &'static str },
}

impl BaseOutputs {
    /// Reads them as DescribeStacks tells them.
    ///
    /// # Errors
    /// The first output that is not there or is not what it should be.
    pub fn read(outputs: &BTreeMap<String, String>) -> Result<Self, OutputError> {
        let one = |key, prefix: &'static str| {
            let value: &String = outputs.get(key).ok_or(OutputError::Missing { key })?;
            if !value.starts_with(prefix) || value.len() == prefix.len() || value.contains(',') {
                return Err(OutputError::Malformed { key, value: value.clone(), wanted: wanted(prefix) });
            }
            Ok(value.clone())
        };
        let many = |key, prefix: &'static str| {
            let value: &String = outputs.get(key).ok_or(OutputError::Missing { key })?;
            let ids: Vec<_> = value.split(',').map(str::to_string).collect();
            if !ids.iter().all(|id| id.starts_with(prefix) && id.len() > prefix.len()) {
                return Err(OutputError::Malformed { key, value: value.clone(), wanted: wanted(prefix) });
            }
            Ok(ids)
        };
        Ok(Self {
            vpc: one(VPC, "vpc-")?,
            public_subnets: many(PUBLIC, "subnet-")?,
            private_subnets: many(PRIVATE, "subnet-")?,
            route_tables: many(TABLES, "rtb-")?,
            alb_security_group: one(ALB, "sg-")?,
            app_security_group: one(APP, "sg-")?,
            database_security_group: one(DATABASE, "sg-")?,
            execution_role: one(EXECUTION, "arn:")?,
            task_role: one(TASK, "arn:")?,
            log_group: one(LOGS, "/")?,
            db_subnet_group: one(SUBNETS, "")?,
            db_key: one(KEY, "arn:")?,
        })
    }
}

fn wanted(prefix: &str) -> &'static str {
    match prefix {
        "vpc-" => "the id of a VPC",
        "subnet-" => "ids of subnets with commas between",
        "rtb-" => "ids of route tables with commas between",
        "sg-" => "the id of a security group",
        "arn:" => "an ARN",
        "/" => "the name of a log group",
        _ => "a name",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> BTreeMap<String, String> {
        [
            (VPC, "vpc-1"),
            (PUBLIC, "subnet-1,subnet-2"),
            (PRIVATE, "subnet-3,subnet-4"),
            (TABLES, "rtb-1"),
            (ALB, "sg-1"),
            (APP, "sg-2"),
            (DATABASE, "sg-3"),
            (EXECUTION, "arn:aws:iam::1:role/a"),
            (TASK, "arn:aws:iam::1:role/b"),
            (LOGS, "/tandem/shop"),
            (SUBNETS, "shop-db"),
            (KEY, "arn:aws:kms:eu-west-1:1:key/c"),
        ]
        .map(|(key, value)| (key.to_string(), value.to_string()))
        .into()
    }

    #[test]
    fn reads_lists_and_names() {
        let read = BaseOutputs::read(&all()).unwrap();
        assert_eq!(read.public_subnets, ["subnet-1", "subnet-2"]);
        assert_eq!(read.route_tables, ["rtb-1"]);
        assert_eq!((read.vpc.as_str(), read.log_group.as_str()), ("vpc-1", "/tandem/shop"));
    }

    #[test]
    fn each_is_needed_and_must_be_what_it_says() {
        for key in all().keys() {
            let mut outputs = all();
            outputs.remove(key);
            assert!(matches!(BaseOutputs::read(&outputs), Err(OutputError::Missing { key: k }) if k == key));
            outputs.insert(key.clone(), String::new());
            assert!(matches!(BaseOutputs::read(&outputs), Err(OutputError::Malformed { key: k, .. }) if k == key));
        }
        for (key, value) in [(PUBLIC, "subnet-1,"), (PRIVATE, "subnet-1,rtb-2"), (VPC, "vpc-1,vpc-2"), (KEY, "key/c")] {
            let mut outputs = all();
            outputs.insert(key.into(), value.into());
            let told = BaseOutputs::read(&outputs).unwrap_err().to_string();
            assert!(told.starts_with(&format!("the base stack's output {key} is `{value}`, not ")), "{told}");
        }
    }
}
