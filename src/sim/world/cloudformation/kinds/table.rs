//! Properties, attributes and update behaviour: CloudFormation Template Reference, page of each type. AWS
//! promises no durations; these are assumed, of the size that stack events usually show.

use super::Shape::{Document, Flag, Number, Structures, Tags, Text, Texts, Unsupported};
use super::{Kind, Property, Shape};

const fn may(name: &'static str, shape: Shape) -> Property {
    Property { name, shape, required: false, replaces: false }
}

const fn must(name: &'static str, shape: Shape) -> Property {
    Property { name, shape, required: true, replaces: false }
}

/// A change of it is a replacement.
const fn may_fixed(name: &'static str, shape: Shape) -> Property {
    Property { name, shape, required: false, replaces: true }
}

const fn must_fixed(name: &'static str, shape: Shape) -> Property {
    Property { name, shape, required: true, replaces: true }
}

const fn no(name: &'static str) -> Property {
    Property { name, shape: Unsupported, required: false, replaces: false }
}

const INGRESS: &[Property] = &[
    must("IpProtocol", Text),
    may("FromPort", Number),
    may("ToPort", Number),
    may("CidrIp", Text),
    may("CidrIpv6", Text),
    may("Description", Text),
    may("SourcePrefixListId", Text),
    may("SourceSecurityGroupId", Text),
    may("SourceSecurityGroupName", Text),
    may("SourceSecurityGroupOwnerId", Text),
];

const EGRESS: &[Property] = &[
    must("IpProtocol", Text),
    may("FromPort", Number),
    may("ToPort", Number),
    may("CidrIp", Text),
    may("CidrIpv6", Text),
    may("Description", Text),
    may("DestinationPrefixListId", Text),
    may("DestinationSecurityGroupId", Text),
];

const INLINE_POLICY: &[Property] = &[must("PolicyName", Text), must("PolicyDocument", Document)];

const VALIDATION: &[Property] = &[must("DomainName", Text), may("HostedZoneId", Text), may("ValidationDomain", Text)];

/// Every type that this world makes.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "AWS::EC2::VPC",
        properties: &[
            may_fixed("CidrBlock", Text),
            may("EnableDnsHostnames", Flag),
            may("EnableDnsSupport", Flag),
            may("InstanceTenancy", Text),
            no("Ipv4IpamPoolId"),
            no("Ipv4NetmaskLength"),
            may("Tags", Tags),
        ],
        attributes: &[
            "CidrBlock",
            "CidrBlockAssociations",
            "DefaultNetworkAcl",
            "DefaultSecurityGroup",
            "Ipv6CidrBlocks",
            "VpcId",
        ],
        making_s: (11.0, 16.0),
        going_s: (1.0, 3.0),
    },
    Kind {
        name: "AWS::EC2::Subnet",
        properties: &[
            must_fixed("VpcId", Text),
            may_fixed("CidrBlock", Text),
            may_fixed("AvailabilityZone", Text),
            may("MapPublicIpOnLaunch", Flag),
            may("AssignIpv6AddressOnCreation", Flag),
            may("EnableDns64", Flag),
            may("PrivateDnsNameOptionsOnLaunch", Document),
            no("AvailabilityZoneId"),
            no("EnableLniAtDeviceIndex"),
            no("Ipv4IpamPoolId"),
            no("Ipv4NetmaskLength"),
            no("Ipv6CidrBlock"),
            no("Ipv6IpamPoolId"),
            no("Ipv6Native"),
            no("Ipv6NetmaskLength"),
            no("OutpostArn"),
            may("Tags", Tags),
        ],
        attributes: &[
            "AvailabilityZone",
            "AvailabilityZoneId",
            "CidrBlock",
            "Ipv6CidrBlocks",
            "NetworkAclAssociationId",
            "OutpostArn",
            "SubnetId",
            "VpcId",
        ],
        making_s: (3.0, 6.0),
        going_s: (1.0, 3.0),
    },
    Kind {
        name: "AWS::EC2::InternetGateway",
        properties: &[may("Tags", Tags)],
        attributes: &["InternetGatewayId"],
        making_s: (15.0, 18.0),
        going_s: (1.0, 3.0),
    },
    Kind {
        name: "AWS::EC2::VPCGatewayAttachment",
        properties: &[must_fixed("VpcId", Text), may("InternetGatewayId", Text), no("VpnGatewayId")],
        attributes: &["AttachmentType"],
        making_s: (2.0, 6.0),
        going_s: (2.0, 6.0),
    },
    Kind {
        name: "AWS::EC2::EIP",
        properties: &[
            may("Domain", Text),
            no("Address"),
            no("InstanceId"),
            no("IpamPoolId"),
            no("NetworkBorderGroup"),
            no("PublicIpv4Pool"),
            no("TransferAddress"),
            may("Tags", Tags),
        ],
        attributes: &["AllocationId", "PublicIp"],
        making_s: (12.0, 18.0),
        going_s: (2.0, 5.0),
    },
    Kind {
        name: "AWS::EC2::NatGateway",
        properties: &[
            may_fixed("AllocationId", Text),
            may_fixed("ConnectivityType", Text),
            may_fixed("SubnetId", Text),
            may_fixed("PrivateIpAddress", Text),
            may("MaxDrainDurationSeconds", Number),
            no("AvailabilityMode"),
            no("AvailabilityZoneAddresses"),
            no("SecondaryAllocationIds"),
            no("SecondaryPrivateIpAddressCount"),
            no("SecondaryPrivateIpAddresses"),
            no("VpcId"),
            may("Tags", Tags),
        ],
        attributes: &["EniId", "NatGatewayId"],
        making_s: (90.0, 150.0),
        going_s: (40.0, 80.0),
    },
    Kind {
        name: "AWS::EC2::RouteTable",
        properties: &[must_fixed("VpcId", Text), may("Tags", Tags)],
        attributes: &["RouteTableId"],
        making_s: (10.0, 13.0),
        going_s: (1.0, 3.0),
    },
    Kind {
        name: "AWS::EC2::Route",
        properties: &[
            must_fixed("RouteTableId", Text),
            may_fixed("DestinationCidrBlock", Text),
            may("GatewayId", Text),
            may("NatGatewayId", Text),
            may("VpcPeeringConnectionId", Text),
            no("CarrierGatewayId"),
            no("CoreNetworkArn"),
            no("DestinationIpv6CidrBlock"),
            no("DestinationPrefixListId"),
            no("EgressOnlyInternetGatewayId"),
            no("InstanceId"),
            no("LocalGatewayId"),
            no("NetworkInterfaceId"),
            no("TransitGatewayId"),
            no("VpcEndpointId"),
        ],
        attributes: &["CidrBlock"],
        making_s: (1.0, 4.0),
        going_s: (1.0, 3.0),
    },
    Kind {
        name: "AWS::EC2::SubnetRouteTableAssociation",
        properties: &[must("RouteTableId", Text), must_fixed("SubnetId", Text)],
        attributes: &["Id"],
        making_s: (1.0, 4.0),
        going_s: (1.0, 3.0),
    },
    Kind {
        name: "AWS::EC2::SecurityGroup",
        properties: &[
            must_fixed("GroupDescription", Text),
            may_fixed("GroupName", Text),
            may_fixed("VpcId", Text),
            may("SecurityGroupIngress", Structures(INGRESS)),
            may("SecurityGroupEgress", Structures(EGRESS)),
            may("Tags", Tags),
        ],
        attributes: &["GroupId", "Id", "VpcId"],
        making_s: (5.0, 9.0),
        going_s: (1.0, 3.0),
    },
    Kind {
        name: "AWS::EC2::SecurityGroupIngress",
        properties: &[
            may_fixed("GroupId", Text),
            no("GroupName"),
            must_fixed("IpProtocol", Text),
            may_fixed("FromPort", Number),
            may_fixed("ToPort", Number),
            may_fixed("CidrIp", Text),
            may_fixed("CidrIpv6", Text),
            may_fixed("SourcePrefixListId", Text),
            may_fixed("SourceSecurityGroupId", Text),
            may_fixed("SourceSecurityGroupName", Text),
            may_fixed("SourceSecurityGroupOwnerId", Text),
            may("Description", Text),
        ],
        attributes: &["Id"],
        making_s: (1.0, 4.0),
        going_s: (1.0, 3.0),
    },
    Kind {
        name: "AWS::EC2::SecurityGroupEgress",
        properties: &[
            must_fixed("GroupId", Text),
            must_fixed("IpProtocol", Text),
            may_fixed("FromPort", Number),
            may_fixed("ToPort", Number),
            may_fixed("CidrIp", Text),
            may_fixed("CidrIpv6", Text),
            may_fixed("DestinationPrefixListId", Text),
            may_fixed("DestinationSecurityGroupId", Text),
            may("Description", Text),
        ],
        attributes: &["Id"],
        making_s: (1.0, 4.0),
        going_s: (1.0, 3.0),
    },
    Kind {
        name: "AWS::EC2::VPCEndpoint",
        properties: &[
            must_fixed("VpcId", Text),
            may_fixed("ServiceName", Text),
            may_fixed("VpcEndpointType", Text),
            may("RouteTableIds", Texts),
            may("SubnetIds", Texts),
            may("SecurityGroupIds", Texts),
            may("PrivateDnsEnabled", Flag),
            may("PolicyDocument", Document),
            may("IpAddressType", Text),
            may("DnsOptions", Document),
            no("ResourceConfigurationArn"),
            no("ServiceNetworkArn"),
            no("ServiceRegion"),
            may("Tags", Tags),
        ],
        attributes: &["CreationTimestamp", "DnsEntries", "Id", "NetworkInterfaceIds"],
        making_s: (60.0, 120.0),
        going_s: (60.0, 120.0),
    },
    Kind {
        name: "AWS::EC2::VPCPeeringConnection",
        properties: &[
            must_fixed("VpcId", Text),
            must_fixed("PeerVpcId", Text),
            may_fixed("PeerRegion", Text),
            may_fixed("PeerOwnerId", Text),
            may_fixed("PeerRoleArn", Text),
            may("Tags", Tags),
        ],
        attributes: &["Id"],
        making_s: (10.0, 20.0),
        going_s: (2.0, 5.0),
    },
    Kind {
        name: "AWS::IAM::Role",
        properties: &[
            must("AssumeRolePolicyDocument", Document),
            may("Description", Text),
            may("ManagedPolicyArns", Texts),
            may("MaxSessionDuration", Number),
            may_fixed("Path", Text),
            may("PermissionsBoundary", Text),
            may("Policies", Structures(INLINE_POLICY)),
            may_fixed("RoleName", Text),
            may("Tags", Tags),
        ],
        attributes: &["Arn", "RoleId"],
        making_s: (15.0, 20.0),
        going_s: (1.0, 3.0),
    },
    Kind {
        name: "AWS::IAM::Policy",
        properties: &[
            must("PolicyName", Text),
            must("PolicyDocument", Document),
            may("Roles", Texts),
            no("Groups"),
            no("Users"),
        ],
        attributes: &["Id"],
        making_s: (12.0, 18.0),
        going_s: (1.0, 3.0),
    },
    Kind {
        name: "AWS::IAM::ManagedPolicy",
        properties: &[
            may_fixed("ManagedPolicyName", Text),
            must("PolicyDocument", Document),
            may_fixed("Description", Text),
            may_fixed("Path", Text),
            may("Roles", Texts),
            no("Groups"),
            no("Users"),
        ],
        attributes: &["PolicyArn", "PolicyId"],
        making_s: (15.0, 20.0),
        going_s: (1.0, 3.0),
    },
    Kind {
        name: "AWS::Logs::LogGroup",
        properties: &[
            may_fixed("LogGroupName", Text),
            may("RetentionInDays", Number),
            may("KmsKeyId", Text),
            may("LogGroupClass", Text),
            may("DataProtectionPolicy", Document),
            no("FieldIndexPolicies"),
            no("ResourcePolicyDocument"),
            no("DeletionProtectionEnabled"),
            may("Tags", Tags),
        ],
        attributes: &["Arn"],
        making_s: (5.0, 10.0),
        going_s: (1.0, 3.0),
    },
    Kind {
        name: "AWS::RDS::DBSubnetGroup",
        properties: &[
            must("DBSubnetGroupDescription", Text),
            may_fixed("DBSubnetGroupName", Text),
            must("SubnetIds", Texts),
            may("Tags", Tags),
        ],
        attributes: &[],
        making_s: (2.0, 5.0),
        going_s: (1.0, 3.0),
    },
    Kind {
        name: "AWS::KMS::Key",
        properties: &[
            may("KeyPolicy", Document),
            may("Description", Text),
            may("Enabled", Flag),
            may("EnableKeyRotation", Flag),
            may("RotationPeriodInDays", Number),
            may_fixed("KeySpec", Text),
            may_fixed("KeyUsage", Text),
            may_fixed("MultiRegion", Flag),
            may_fixed("Origin", Text),
            may("PendingWindowInDays", Number),
            may("BypassPolicyLockoutSafetyCheck", Flag),
            may("Tags", Tags),
        ],
        attributes: &["Arn", "KeyId"],
        making_s: (60.0, 120.0),
        going_s: (1.0, 3.0),
    },
    Kind {
        name: "AWS::KMS::Alias",
        properties: &[must_fixed("AliasName", Text), must("TargetKeyId", Text)],
        attributes: &[],
        making_s: (60.0, 62.0),
        going_s: (60.0, 62.0),
    },
    Kind {
        name: "AWS::CertificateManager::Certificate",
        properties: &[
            must_fixed("DomainName", Text),
            may_fixed("SubjectAlternativeNames", Texts),
            may_fixed("DomainValidationOptions", Structures(VALIDATION)),
            may("ValidationMethod", Text),
            may_fixed("KeyAlgorithm", Text),
            may("CertificateTransparencyLoggingPreference", Text),
            no("CertificateAuthorityArn"),
            no("CertificateExport"),
            may("Tags", Tags),
        ],
        attributes: &["CertificateArn", "Id"],
        making_s: (60.0, 120.0),
        going_s: (1.0, 3.0),
    },
];
