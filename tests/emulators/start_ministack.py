"""Starts ministack: python start_ministack.py (its own environment variables say where).

What of ministack 1.5.33 no client of AWS could work with is mended here, and nothing else:

- Its EC2 has addresses, NAT gateways and peerings, but its CloudFormation does not know their types: they are
  registered by means of its own EC2 actions.
- Its Route 53 writes booleans of health checks as Python does ("True"), which SDKs refuse to read, and reads the
  children of a calculated check as empty names.
"""
from ministack.app import main
from ministack.services import ec2, route53
from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS as HANDLERS


def made(table, action, **parameters):
    """The key of what the action added to the table."""
    before = set(table)
    status, *_, body = action(parameters)
    if status != 200:
        raise ValueError(body)
    return (set(table) - before).pop()


def address(_, properties, __):
    key = made(ec2._addresses, ec2._allocate_address)
    return ec2._addresses[key]["PublicIp"], {"AllocationId": key}


def release(physical, _):
    for key, record in list(ec2._addresses.items()):
        if record["PublicIp"] == physical:
            ec2._release_address({"AllocationId": key})


def gateway(_, properties, __):
    asked = {name: properties.get(name, "") for name in ("SubnetId", "AllocationId")}
    key = made(ec2._nat_gateways, ec2._create_nat_gateway, **asked)
    return key, {"NatGatewayId": key}


def peering(_, properties, __):
    asked = {name: properties[name] for name in ("VpcId", "PeerVpcId", "PeerRegion") if name in properties}
    key = made(ec2._vpc_peering, ec2._create_vpc_peering_connection, **asked)
    ec2._accept_vpc_peering_connection({"VpcPeeringConnectionId": key})
    return key, {"Id": key}


HANDLERS["AWS::EC2::EIP"] = {"create": address, "delete": release}
HANDLERS["AWS::EC2::NatGateway"] = {
    "create": gateway, "delete": lambda key, _: ec2._delete_nat_gateway({"NatGatewayId": key})}
HANDLERS["AWS::EC2::VPCPeeringConnection"] = {
    "create": peering, "delete": lambda key, _: ec2._delete_vpc_peering_connection({"VpcPeeringConnectionId": key})}

build, parse = route53._build_health_check_el, route53._parse_health_check_config


def built(parent, check):
    build(parent, check)
    for element in parent.iter():
        if element.text in ("True", "False"):
            element.text = element.text.lower()


def parsed(element):
    config = parse(element)
    children = route53._find(element, "ChildHealthChecks")
    if children is not None:
        config["ChildHealthChecks"] = [child.text for child in route53._findall(children, "ChildHealthCheck")]
    return config


route53._build_health_check_el, route53._parse_health_check_config = built, parsed

if __name__ == "__main__":
    main()
