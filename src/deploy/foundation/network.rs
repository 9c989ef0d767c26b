//! The VPC: subnets in each Availability Zone, and the ways out of it.

use super::check::{Checked, Place};
use super::site::Site;
use super::template::{Document, attribute, reference, sub, tags};
use crate::model::cidr::{Cidr, PUBLIC_BITS};
use crate::model::spec::{Nat, Network};
use serde_json::{Value as Json, json};

/// A private subnet has a quarter: every task takes an address.
const PRIVATE_BITS: u8 = 2;

/// What a task on Fargate needs to start: its image, its secrets, its logs, its role. Fargate's own
/// way to ECS does not lead through the VPC (Amazon ECS Developer Guide, interface VPC endpoints).
pub(in crate::deploy) const INTERFACES: [&str; 5] = ["ecr.api", "ecr.dkr", "logs", "secretsmanager", "sts"];
/// They cost nothing, and keep images and sessions off the NAT gateways.
const GATEWAYS: [&str; 2] = ["dynamodb", "s3"];

/// The network that everything else is put into, made or given.
pub(super) struct Parts {
    pub vpc: Json,
    pub public: Vec<Json>,
    pub private: Vec<Json>,
    /// Those of the private subnets.
    pub tables: Vec<Json>,
}

pub(super) fn add(document: &mut Document, checked: &Checked<'_>, place: Place<'_>) -> Parts {
    match place.network {
        Network::Given { vpc, public, private, route_tables, .. } => {
            let given = |ids: &[String]| ids.iter().map(|id| id.as_str().into()).collect();
            Parts {
                vpc: vpc.as_str().into(),
                public: given(public),
                private: given(private),
                tables: given(route_tables),
            }
        }
        Network::Made { zones, nat, .. } => {
            Making { document, site: checked.site, prefix: "", cidr: place.cidr }.all(*zones, *nat)
        }
    }
}

/// A VPC of public subnets alone, in so many zones: the VPC and the subnets. Roles begin with `prefix`.
pub(super) fn add_public(
    document: &mut Document,
    site: &Site,
    prefix: &str,
    cidr: Cidr,
    zones: u32,
) -> (Json, Vec<Json>) {
    let mut making = Making { document, site, prefix, cidr };
    making.vpc();
    making.public_ways();
    (reference("Vpc"), (1..=zones).map(|place| making.public_subnet(place)).collect())
}

struct Making<'a> {
    document: &'a mut Document,
    site: &'a Site,
    prefix: &'a str,
    cidr: Cidr,
}

impl Making<'_> {
    fn all(&mut self, zones: u32, nat: Nat) -> Parts {
        self.vpc();
        self.public_ways();
        let places = 1..=zones;
        let public: Vec<_> = places.clone().map(|place| self.public_subnet(place)).collect();
        let (private, tables): (Vec<_>, Vec<_>) = places.map(|place| self.private_subnet(place)).unzip();
        match nat {
            Nat::PerZone => (1..=zones).for_each(|place| self.nat(place, &[place])),
            Nat::One => self.nat(1, &(1..=zones).collect::<Vec<_>>()),
            Nat::None => self.interfaces(&private),
        }
        self.gateways(&tables);
        Parts { vpc: reference("Vpc"), public, private, tables }
    }

    fn vpc(&mut self) {
        self.document.add(
            "Vpc",
            "AWS::EC2::VPC",
            json!({
                "CidrBlock": self.cidr.to_string(),
                "EnableDnsSupport": true,
                "EnableDnsHostnames": true,
                "Tags": self.tags("vpc"),
            }),
        );
    }

    fn public_ways(&mut self) {
        self.document.add("InternetGateway", "AWS::EC2::InternetGateway", json!({ "Tags": self.tags("internet") }));
        self.document.add(
            "InternetGatewayAttachment",
            "AWS::EC2::VPCGatewayAttachment",
            json!({ "VpcId": reference("Vpc"), "InternetGatewayId": reference("InternetGateway") }),
        );
        self.route_table("PublicRouteTable", "public-routes");
        let way = ("GatewayId", reference("InternetGateway"));
        self.default_route("PublicDefaultRoute", "PublicRouteTable", way, json!("InternetGatewayAttachment"));
    }

    fn public_subnet(&mut self, place: u32) -> Json {
        let id = format!("PublicSubnet{place}");
        self.subnet(&id, &format!("public-{place}"), place, self.cidr.part(PUBLIC_BITS, place - 1));
        self.associate(&format!("PublicRouteTableAssociation{place}"), &id, "PublicRouteTable");
        reference(&id)
    }

    /// The subnet and its route table. Each has its own, so that another choice of NAT moves no subnet.
    fn private_subnet(&mut self, place: u32) -> (Json, Json) {
        let (id, table) = (format!("PrivateSubnet{place}"), format!("PrivateRouteTable{place}"));
        // The first quarter is the public subnets'.
        self.subnet(&id, &format!("private-{place}"), place, self.cidr.part(PRIVATE_BITS, place));
        self.route_table(&table, &format!("private-routes-{place}"));
        self.associate(&format!("PrivateRouteTableAssociation{place}"), &id, &table);
        (reference(&id), reference(&table))
    }

    fn subnet(&mut self, id: &str, role: &str, place: u32, cidr: Option<Cidr>) {
        self.document.add(
            id,
            "AWS::EC2::Subnet",
            json!({
                "VpcId": reference("Vpc"),
                "CidrBlock": cidr.unwrap_or(self.cidr).to_string(),
                "AvailabilityZone": { "Fn::Select": [place - 1, { "Fn::GetAZs": reference("AWS::Region") }] },
                "MapPublicIpOnLaunch": false,
                "Tags": self.tags(role),
            }),
        );
    }

    fn nat(&mut self, place: u32, serves: &[u32]) {
        let (nat, address) = (format!("NatGateway{place}"), format!("NatAddress{place}"));
        self.document.with(
            &address,
            "AWS::EC2::EIP",
            json!({ "Domain": "vpc", "Tags": self.tags(&format!("nat-address-{place}")) }),
            json!({ "DependsOn": "InternetGatewayAttachment" }),
        );
        self.document.with(
            &nat,
            "AWS::EC2::NatGateway",
            json!({
                "AllocationId": attribute(&address, "AllocationId"),
                "SubnetId": reference(&format!("PublicSubnet{place}")),
                "Tags": self.tags(&format!("nat-{place}")),
            }),
            json!({ "DependsOn": "PublicDefaultRoute" }),
        );
        for table in serves {
            let way = ("NatGatewayId", reference(&nat));
            let table = (format!("PrivateDefaultRoute{table}"), format!("PrivateRouteTable{table}"));
            self.default_route(&table.0, &table.1, way, Json::Null);
        }
    }

    fn interfaces(&mut self, private: &[Json]) {
        for service in INTERFACES {
            self.document.add(
                &logical("Endpoint", service),
                "AWS::EC2::VPCEndpoint",
                json!({
                    "VpcId": reference("Vpc"),
                    "VpcEndpointType": "Interface",
                    "ServiceName": sub(format!("com.amazonaws.${{AWS::Region}}.{service}")),
                    "PrivateDnsEnabled": true,
                    "SubnetIds": private,
                    "SecurityGroupIds": [attribute("EndpointsSecurityGroup", "GroupId")],
                    "Tags": self.tags(&format!("endpoint-{}", service.replace('.', "-"))),
                }),
            );
        }
    }

    fn gateways(&mut self, tables: &[Json]) {
        for service in GATEWAYS {
            self.document.add(
                &logical("Endpoint", service),
                "AWS::EC2::VPCEndpoint",
                json!({
                    "VpcId": reference("Vpc"),
                    "VpcEndpointType": "Gateway",
                    "ServiceName": sub(format!("com.amazonaws.${{AWS::Region}}.{service}")),
                    "RouteTableIds": tables,
                    "Tags": self.tags(&format!("endpoint-{service}")),
                }),
            );
        }
    }

    fn route_table(&mut self, id: &str, role: &str) {
        let properties = json!({ "VpcId": reference("Vpc"), "Tags": self.tags(role) });
        self.document.add(id, "AWS::EC2::RouteTable", properties);
    }

    fn default_route(&mut self, id: &str, table: &str, (key, way): (&str, Json), after: Json) {
        let mut properties = json!({ "RouteTableId": reference(table), "DestinationCidrBlock": "0.0.0.0/0" });
        properties[key] = way;
        let attributes = if after.is_null() { json!({}) } else { json!({ "DependsOn": after }) };
        self.document.with(id, "AWS::EC2::Route", properties, attributes);
    }

    fn associate(&mut self, id: &str, subnet: &str, table: &str) {
        self.document.add(
            id,
            "AWS::EC2::SubnetRouteTableAssociation",
            json!({ "SubnetId": reference(subnet), "RouteTableId": reference(table) }),
        );
    }

    fn tags(&self, role: &str) -> Json {
        tags(self.site, &format!("{}{role}", self.prefix))
    }
}

/// A logical id: letters and digits, each word with a capital.
pub(super) fn logical(prefix: &str, name: &str) -> String {
    let words = name.split(['-', '.']).map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    prefix.to_string() + &words.collect::<String>()
}
