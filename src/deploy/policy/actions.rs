//! Which actions are allowed, as a table: by document, statement and service.
//!
//! `sent` are operations that Tandem sends by itself. `checked` are those that AWS asks the caller for besides: the
//! Service Authorization Reference calls them dependent actions, CloudFormation's resource schemas list them under
//! `handlers.*.permissions`, and pages of the services' guides name the others. Of the schemas only what the
//! templates can make happen is here.

use super::scope::{On, Where};

/// Which of the documents: a document of IAM has its limit, and not everybody needs all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Looks at the stack and operates it: console, status, drains, failovers.
    Fly,
    /// Makes, changes and takes away what serves, together with `Fly`.
    Deploy,
    /// The same of what holds data: database, tables, secrets.
    Data,
    /// What a watcher does beside flying.
    Watch,
    /// What CloudFormation does with the permissions of who asks it to: only an apply or a destroy of the foundation.
    Foundation,
}

/// Actions of one service in a statement.
#[derive(Debug)]
pub struct Grant {
    pub part: Part,
    /// Of the statement: grants with the same one are put together.
    pub sid: &'static str,
    pub service: &'static str,
    pub sent: &'static [&'static str],
    pub checked: &'static [&'static str],
    pub on: On,
    pub place: Where,
}

const fn sent(
    part: Part,
    sid: &'static str,
    service: &'static str,
    sent: &'static [&'static str],
    on: On,
    place: Where,
) -> Grant {
    Grant { part, sid, service, sent, checked: &[], on, place }
}

/// Reads are of no resource: lists have none, and what is looked for may not be there.
const fn reads(service: &'static str, operations: &'static [&'static str]) -> Grant {
    sent(Part::Fly, "Reads", service, operations, On::Everything, Where::Anywhere)
}

const fn checked(
    part: Part,
    sid: &'static str,
    service: &'static str,
    checked: &'static [&'static str],
    on: On,
    place: Where,
) -> Grant {
    Grant { part, sid, service, sent: &[], checked, on, place }
}

impl Grant {
    /// And what AWS asks the caller for besides.
    const fn and(self, checked: &'static [&'static str]) -> Self {
        Self { checked, ..self }
    }

    /// `ecs:UpdateService`
    pub fn actions(&self) -> impl Iterator<Item = String> {
        self.sent().chain(self.checked.iter().map(|action| format!("{}:{action}", self.service)))
    }

    /// Those that Tandem sends by itself.
    pub fn sent(&self) -> impl Iterator<Item = String> {
        self.sent.iter().map(|action| format!("{}:{action}", self.service))
    }
}

/// All of them, in the order of the statements.
pub const GRANTS: &[Grant] = &[
    reads("sts", &["GetCallerIdentity"]),
    reads("application-autoscaling", &["DescribeScalableTargets", "DescribeScalingPolicies", "ListTagsForResource"]),
    reads("cloudformation", &["DescribeStackEvents", "DescribeStacks", "GetTemplate", "ListStacks"]),
    reads("cloudwatch", &["DescribeAlarms", "GetDashboard", "GetMetricData", "ListTagsForResource"]),
    reads(
        "dynamodb",
        &["DescribeContinuousBackups", "DescribeTable", "DescribeTimeToLive", "ListTables", "ListTagsOfResource"],
    ),
    reads(
        "ecs",
        &[
            "DescribeClusters",
            "DescribeServices",
            "DescribeTaskDefinition",
            "DescribeTasks",
            "ListClusters",
            "ListServices",
            "ListTaskDefinitions",
            "ListTasks",
        ],
    ),
    reads(
        "elasticloadbalancing",
        &[
            "DescribeListeners",
            "DescribeLoadBalancerAttributes",
            "DescribeLoadBalancers",
            "DescribeRules",
            "DescribeTags",
            "DescribeTargetGroupAttributes",
            "DescribeTargetGroups",
            "DescribeTargetHealth",
        ],
    ),
    reads(
        "rds",
        &[
            "DescribeDBClusterParameterGroups",
            "DescribeDBClusterSnapshots",
            "DescribeDBClusters",
            "DescribeDBEngineVersions",
            "DescribeDBInstances",
            "DescribeEvents",
            "DescribeGlobalClusters",
            "DescribeOrderableDBInstanceOptions",
            "ListTagsForResource",
        ],
    ),
    reads(
        "route53",
        &[
            "GetHealthCheck",
            "GetHealthCheckStatus",
            "GetHostedZone",
            "ListHealthChecks",
            "ListHostedZones",
            "ListHostedZonesByName",
            "ListResourceRecordSets",
            "ListTagsForResource",
            "ListTagsForResources",
        ],
    ),
    reads("secretsmanager", &["DescribeSecret", "ListSecrets"]),
    // doctor's alone
    reads("ecr", &["DescribeImages", "DescribeRepositories"]),
    reads("servicequotas", &["GetAWSDefaultServiceQuota", "GetServiceQuota", "ListServiceQuotas"]),
    sent(Part::Fly, "Tasks", "ecs", &["UpdateService"], On::Service, Where::Stack),
    sent(
        Part::Fly,
        "Scaling",
        "application-autoscaling",
        &["RegisterScalableTarget"],
        On::ScalableTargets,
        Where::Stack,
    ),
    sent(Part::Fly, "Switches", "elasticloadbalancing", &["ModifyRule"], On::Rules, Where::Stack),
    // operations that are open are told there, and epochs, latches and the off switch
    sent(Part::Fly, "Control", "dynamodb", &["DeleteItem", "GetItem", "PutItem", "Query"], On::Control, Where::Tables),
    sent(Part::Fly, "Records", "route53", &["ChangeResourceRecordSets"], On::Records, Where::Anywhere),
    // AddTagsToResource: a copy may take tags along
    sent(
        Part::Fly,
        "Failover",
        "rds",
        &["CopyDBClusterSnapshot", "FailoverGlobalCluster", "SwitchoverGlobalCluster"],
        On::Clusters,
        Where::Stack,
    )
    .and(&["AddTagsToResource"]),
    // a copy of what is encrypted is encrypted
    checked(Part::Fly, "CopyKey", "kms", &["CreateGrant", "DescribeKey"], On::KeyByRds, Where::Stack),
    sent(Part::Fly, "Heartbeats", "rds-data", &["ExecuteStatement"], On::DataApi, Where::Stack),
    sent(Part::Fly, "HeartbeatUsers", "secretsmanager", &["GetSecretValue"], On::HeartbeatSecrets, Where::Stack),
    sent(Part::Fly, "Canary", "dynamodb", &["GetItem", "PutItem"], On::Sessions, Where::Stack),
    sent(Part::Watch, "Armed", "cloudwatch", &["PutMetricData"], On::OwnMetrics, Where::Watched),
    sent(Part::Deploy, "Lease", "dynamodb", &["DeleteItem", "GetItem", "PutItem"], On::Control, Where::Tables),
    // and what DynamoDB asks for in a Region that gets a replica or loses it (Developer Guide, using IAM with global
    // tables)
    sent(
        Part::Data,
        "Tables",
        "dynamodb",
        &["CreateTable", "DeleteTable", "TagResource", "UpdateContinuousBackups", "UpdateTable", "UpdateTimeToLive"],
        On::Tables,
        Where::Tables,
    )
    .and(&[
        "BatchWriteItem",
        "CreateTableReplica",
        "DeleteItem",
        "DeleteTableReplica",
        "GetItem",
        "PutItem",
        "Query",
        "Scan",
        "UpdateItem",
    ]),
    // these are of no resource
    sent(
        Part::Deploy,
        "Unnamed",
        "ecs",
        &["CreateCluster", "DeregisterTaskDefinition", "RegisterTaskDefinition"],
        On::Everything,
        Where::Watched,
    ),
    sent(Part::Data, "Passwords", "secretsmanager", &["GetRandomPassword"], On::Everything, Where::Stack),
    sent(
        Part::Deploy,
        "Tasks",
        "ecs",
        &["CreateService", "DeleteCluster", "DeleteService", "UpdateClusterSettings", "UpdateService"],
        On::Ecs,
        Where::Watched,
    )
    .and(&["TagResource"]),
    sent(
        Part::Deploy,
        "Balancing",
        "elasticloadbalancing",
        &[
            "CreateListener",
            "CreateLoadBalancer",
            "CreateRule",
            "CreateTargetGroup",
            "DeleteListener",
            "DeleteLoadBalancer",
            "DeleteRule",
            "DeleteTargetGroup",
            "ModifyListener",
            "ModifyLoadBalancerAttributes",
            "ModifyTargetGroup",
            "ModifyTargetGroupAttributes",
            "SetSecurityGroups",
            "SetSubnets",
        ],
        On::Balancing,
        Where::Stack,
    )
    .and(&["AddTags"]),
    sent(
        Part::Deploy,
        "Scaling",
        "application-autoscaling",
        &["DeleteScalingPolicy", "DeregisterScalableTarget", "PutScalingPolicy"],
        On::ScalableTargets,
        Where::Stack,
    )
    .and(&["TagResource"]),
    sent(
        Part::Data,
        "Database",
        "rds",
        &[
            "CreateDBCluster",
            "CreateDBClusterParameterGroup",
            "CreateDBInstance",
            "CreateGlobalCluster",
            "DeleteDBCluster",
            "DeleteDBClusterParameterGroup",
            "DeleteDBInstance",
            "DeleteGlobalCluster",
            "EnableHttpEndpoint",
            "ModifyDBCluster",
            "ModifyDBInstance",
            "ModifyGlobalCluster",
            "RemoveFromGlobalCluster",
        ],
        On::Database,
        Where::Stack,
    )
    .and(&["AddTagsToResource"]),
    // the caller opens the key of the storage for RDS (Service Authorization Reference, CreateDBCluster)
    checked(
        Part::Data,
        "Key",
        "kms",
        &["CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKey"],
        On::KeyByRds,
        Where::Stack,
    ),
    sent(
        Part::Data,
        "Secrets",
        "secretsmanager",
        &[
            "CreateSecret",
            "DeleteSecret",
            "GetSecretValue",
            "RemoveRegionsFromReplication",
            "ReplicateSecretToRegions",
            "RestoreSecret",
        ],
        On::Secrets,
        Where::Stack,
    )
    .and(&["TagResource"]),
    sent(Part::Deploy, "NewChecks", "route53", &["CreateHealthCheck"], On::Everything, Where::Anywhere),
    sent(
        Part::Deploy,
        "Checks",
        "route53",
        &["ChangeTagsForResource", "DeleteHealthCheck", "UpdateHealthCheck"],
        On::Checks,
        Where::Anywhere,
    ),
    sent(
        Part::Deploy,
        "Watching",
        "cloudwatch",
        &["DeleteAlarms", "DeleteDashboards", "PutDashboard", "PutMetricAlarm"],
        On::Watching,
        Where::Alarms,
    )
    .and(&["TagResource"]),
    checked(Part::Deploy, "PassRoles", "iam", &["PassRole"], On::RolesToTasks, Where::Anywhere),
    checked(Part::Deploy, "ServiceRoles", "iam", &["CreateServiceLinkedRole"], On::ServiceRoles, Where::Anywhere),
    // load balancers and databases are put into a network that the caller must be able to see
    checked(
        Part::Deploy,
        "Network",
        "ec2",
        &[
            "DescribeAccountAttributes",
            "DescribeAvailabilityZones",
            "DescribeInternetGateways",
            "DescribeSecurityGroups",
            "DescribeSubnets",
            "DescribeVpcAttribute",
            "DescribeVpcs",
        ],
        On::Everything,
        Where::Anywhere,
    ),
    sent(
        Part::Foundation,
        "Stacks",
        "cloudformation",
        &["CreateStack", "DeleteStack", "UpdateStack", "UpdateTerminationProtection"],
        On::Stacks,
        Where::Watched,
    )
    .and(&["TagResource"]),
    checked(
        Part::Foundation,
        "See",
        "ec2",
        &[
            "DescribeAddresses",
            "DescribeAvailabilityZones",
            "DescribeInstances",
            "DescribeInternetGateways",
            "DescribeNatGateways",
            "DescribeNetworkAcls",
            "DescribeRouteTables",
            "DescribeSecurityGroups",
            "DescribeSubnets",
            "DescribeTags",
            "DescribeVpcAttribute",
            "DescribeVpcEndpoints",
            "DescribeVpcPeeringConnections",
            "DescribeVpcs",
        ],
        On::Everything,
        Where::Anywhere,
    ),
    checked(Part::Foundation, "See", "kms", &["ListAliases"], On::Everything, Where::Anywhere),
    checked(Part::Foundation, "See", "logs", &["DescribeLogGroups"], On::Everything, Where::Anywhere),
    checked(Part::Foundation, "See", "rds", &["DescribeDBSubnetGroups"], On::Everything, Where::Anywhere),
    // ids are AWS's dice: what these make has no name
    checked(
        Part::Foundation,
        "Network",
        "ec2",
        &[
            "AcceptVpcPeeringConnection",
            "AllocateAddress",
            "AssociateRouteTable",
            "AttachInternetGateway",
            "AuthorizeSecurityGroupEgress",
            "AuthorizeSecurityGroupIngress",
            "CreateInternetGateway",
            "CreateNatGateway",
            "CreateRoute",
            "CreateRouteTable",
            "CreateSecurityGroup",
            "CreateSubnet",
            "CreateTags",
            "CreateVpc",
            "CreateVpcEndpoint",
            "CreateVpcPeeringConnection",
            "DeleteInternetGateway",
            "DeleteNatGateway",
            "DeleteRoute",
            "DeleteRouteTable",
            "DeleteSecurityGroup",
            "DeleteSubnet",
            "DeleteTags",
            "DeleteVpc",
            "DeleteVpcEndpoints",
            "DeleteVpcPeeringConnection",
            "DetachInternetGateway",
            "DisassociateAddress",
            "DisassociateRouteTable",
            "ModifySubnetAttribute",
            "ModifyVpcAttribute",
            "ModifyVpcEndpoint",
            "ReleaseAddress",
            "ReplaceRoute",
            "RevokeSecurityGroupEgress",
            "RevokeSecurityGroupIngress",
        ],
        On::Everything,
        Where::Watched,
    ),
    checked(
        Part::Foundation,
        "Logs",
        "logs",
        &[
            "CreateLogGroup",
            "DeleteLogGroup",
            "ListTagsForResource",
            "PutRetentionPolicy",
            "TagResource",
            "UntagResource",
        ],
        On::Logs,
        Where::Watched,
    ),
    checked(
        Part::Foundation,
        "DatabaseSubnets",
        "rds",
        &[
            "AddTagsToResource",
            "CreateDBSubnetGroup",
            "DeleteDBSubnetGroup",
            "ListTagsForResource",
            "ModifyDBSubnetGroup",
            "RemoveTagsFromResource",
        ],
        On::SubnetGroup,
        Where::Stack,
    ),
    // a certificate has no name before it is there
    checked(
        Part::Foundation,
        "Certificates",
        "acm",
        &[
            "AddTagsToCertificate",
            "DeleteCertificate",
            "DescribeCertificate",
            "ListTagsForCertificate",
            "RemoveTagsFromCertificate",
            "RequestCertificate",
        ],
        On::Everything,
        Where::Stack,
    ),
    // a key has no name before it has an alias
    checked(Part::Foundation, "NewKeys", "kms", &["CreateKey"], On::Everything, Where::Stack),
    checked(
        Part::Foundation,
        "Keys",
        "kms",
        &[
            "CreateAlias",
            "DeleteAlias",
            "DescribeKey",
            "EnableKeyRotation",
            "GetKeyPolicy",
            "GetKeyRotationStatus",
            "ListResourceTags",
            "PutKeyPolicy",
            "ScheduleKeyDeletion",
            "TagResource",
            "UntagResource",
            "UpdateAlias",
            "UpdateKeyDescription",
        ],
        On::Keys,
        Where::Stack,
    ),
    // no AttachRolePolicy: the templates write their policies out
    checked(
        Part::Foundation,
        "Roles",
        "iam",
        &[
            "DeleteRole",
            "DeleteRolePolicy",
            "GetRole",
            "GetRolePolicy",
            "ListAttachedRolePolicies",
            "ListRolePolicies",
            "TagRole",
            "UntagRole",
            "UpdateAssumeRolePolicy",
        ],
        On::Roles,
        Where::Anywhere,
    ),
    checked(
        Part::Foundation,
        "NewRoles",
        "iam",
        &["CreateRole", "PutRolePermissionsBoundary", "PutRolePolicy"],
        On::RolesInBounds,
        Where::Anywhere,
    ),
];
